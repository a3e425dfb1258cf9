/** A small mark for each industry, so that they differ in shape as well as in hue. */

/** Device pixels to one of the map's. */
export const PIXEL_RATIO = 2;
/** Sides of the images in pixels of the map; a glyph takes half of a circle of radius GLYPH_SIZE. */
export const GLYPH_SIZE = 16;
export const BLANK = 4;

type Corner = readonly [x: number, y: number];

/** Outlines on a square of 32 by 32. An industry that is not here yet goes without. */
const OUTLINES: Record<string, readonly Corner[]> = {
  // The section of a beam.
  iron_steel: [
    [7, 5], [25, 5], [25, 10], [19, 10], [19, 22], [25, 22], [25, 27], [7, 27], [7, 22], [13, 22], [13, 10], [7, 10],
  ],
  // A lump.
  met_coke: [[16, 4], [27, 16], [16, 28], [5, 16]],
  // A block.
  cement: [[7, 7], [25, 7], [25, 25], [7, 25]],
  // A wing.
  aluminum: [[16, 4], [28, 25], [4, 25]],
};

export const outline = (industry: string): readonly Corner[] => OUTLINES[industry] ?? [];

export function image(size: number, draw: (context: CanvasRenderingContext2D) => void): ImageData {
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
    context.beginPath();
    for (const [x, y] of outline(industry)) context.lineTo(x, y);
    context.fill();
  });
