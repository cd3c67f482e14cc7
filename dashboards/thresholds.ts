type Colour = 'green' | 'yellow' | 'red';

/** From which value on which colour; the first has no lower end. */
export type Thresholds = readonly [readonly [null, Colour], ...(readonly [from: number, colour: Colour])[]];

/** Percent of something that must not run full. */
export const fullness: Thresholds = [
  [null, 'green'],
  [80, 'yellow'],
  [90, 'red'],
];

/** Share of labels predicted right, of any task. */
export const taskQuality: Thresholds = [
  [null, 'red'],
  [0.5, 'yellow'],
  [0.75, 'green'],
];

/** PSI, as in ModelDriftDetected; half of it is worth a look. */
export const driftScore: Thresholds = [
  [null, 'green'],
  [0.05, 'yellow'],
  [0.1, 'red'],
];

/** Work that waits, as a share of what can be done. */
export const saturation: Thresholds = [
  [null, 'green'],
  [1, 'yellow'],
  [2, 'red'],
];

/** How many faults there were: none is right, one is worth a look. */
export const faults: Thresholds = [
  [null, 'green'],
  [1, 'red'],
];

/** How often a container was started again. */
export const restarts: Thresholds = [
  [null, 'green'],
  [1, 'yellow'],
  [3, 'red'],
];
