/** A few plants for the tests. */

import type { Company, Facility } from './model';

const blank: Facility = {
  facility_id: '',
  site_id: null,
  name: '',
  industry: 'iron_steel',
  route: null,
  status: null,
  city: null,
  county: null,
  state: null,
  latitude: 41,
  longitude: -87,
  parent: null,
  reference_2020: 1,
  reference_certainty: null,
  companies: [],
  history: { route: [], status: [] },
};

const plant = (facility_id: string, name: string, rest: Partial<Facility>): Facility => ({
  ...blank,
  facility_id,
  name,
  ...rest,
});

export const GARY = plant('gary', 'U.S. Steel Gary Works', {
  city: 'Gary', state: 'IN', county: 'Lake', parent: 'U.S. Steel', companies: ['us-steel', 'nippon-steel'],
});
export const EDGAR = plant('edgar', 'Edgar Thomson', { city: 'Braddock', state: 'PA', parent: 'U.S. Steel (99.9%)', companies: ['us-steel'] });
export const PONCE = plant('ponce', 'Cemex de Puerto Rico', {
  industry: 'cement', city: 'Ponce', state: 'PR', parent: 'Cemex', companies: ['cemex'], reference_2020: 0,
});
export const GENEVIEVE = plant('genevieve', 'Holcim Ste. Geneviève', {
  industry: 'cement', city: 'Bloomsdale', state: 'MO', parent: 'Holcim', companies: ['holcim'], latitude: null, longitude: null,
});
export const PLANTS = [GARY, EDGAR, PONCE, GENEVIEVE];
export const COMPANIES: Company[] = [
  { company_id: 'cemex', name: 'Cemex', basis: 'decided' },
  { company_id: 'holcim', name: 'Holcim', basis: 'decided' },
  { company_id: 'nippon-steel', name: 'Nippon Steel Corp.', basis: 'current' },
  { company_id: 'us-steel', name: 'U.S. Steel', basis: 'decided' },
];

export const STATES: Record<string, string> = { IN: 'Indiana', PA: 'Pensilvania', PR: 'Puerto Rico', MO: 'Missouri' };
