/** What is predicted for each sentence. Names of the model's outputs and of the `task` label. */
export const tasks = ['emotion', 'sub_emotion', 'intensity'] as const;

export type Task = (typeof tasks)[number];

export type ByTask<T> = Record<Task, T>;
