export * from './catalogue.ts';
export * from './foreign.ts';
export * from './names.ts';
export * from './promql.ts';
