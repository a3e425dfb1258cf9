/** A small mark in each circle, so that the industries differ in shape as well as in hue. */

/** Device pixels to one of the map's. */
export const PIXEL_RATIO = 2;
/** Sides of the images in pixels of the map; a glyph takes half of a circle of radius GLYPH_SIZE. */
export const GLYPH_SIZE = 16;
export const BLANK = 4;

type Draw = (c: CanvasRenderingContext2D) => void;

const outline = (corners: [number, number][]): Draw => (c) => {
  c.beginPath();
  for (const [x, y] of corners) c.lineTo(x, y);
  c.fill();
};

/** Drawn on a square of 32 by 32. */
const MARKS: Record<string, Draw> = {
  // The section of a beam.
  iron_steel: (c) => {
    for (const [x, y, w, h] of [[7, 5, 18, 5], [13, 5, 6, 22], [7, 22, 18, 5]] as const) c.fillRect(x, y, w, h);
  },
  // A lump.
  met_coke: outline([[16, 4], [27, 16], [16, 28], [5, 16]]),
  // A block.
  cement: (c) => c.fillRect(7.5, 7.5, 17, 17),
  // A wing.
  aluminum: outline([[16, 4], [28, 25], [4, 25]]),
};

function image(size: number, draw: Draw): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size * PIXEL_RATIO;
  const context = canvas.getContext('2d')!;
  draw(context);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

export const blank = (): ImageData => image(BLANK, () => {});

export const glyph = (industry: string, colour: string): ImageData =>
  image(GLYPH_SIZE, (context) => {
    context.fillStyle = colour;
    MARKS[industry]?.(context);
  });
