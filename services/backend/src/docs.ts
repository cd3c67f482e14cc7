/** Where the OpenAPI document and its page lie. */
export const docsPrefix = '/docs';

/** Whether a route is one of the dozen that the page consists of. */
export function isDocs(route: string | undefined): boolean {
  return route === docsPrefix || route?.startsWith(`${docsPrefix}/`) === true;
}
