/**
 * Secrets in configuration files: a file names them, a target puts them in. So a file as a whole is a secret of the
 * state where it names one, and its value is in no process list and in no environment.
 */
const pattern = /\$\(secret:([\w.]+)\)/g;

/** What a file has in place of a secret: a scalar of its own in YAML. */
export function fileSecret(key: string): string {
  return `$(secret:${key})`;
}

/** The names of the secrets in a file, each once. */
export function secretsIn(text: string): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, key = '']) => key))];
}

/** The file with its secrets in place, quoted as JSON, which is YAML too. */
export function withSecrets(text: string, values: Record<string, string>): string {
  return text.replace(pattern, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`no secret named ${key}`);
    return JSON.stringify(value);
  });
}
