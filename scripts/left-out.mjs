// In place of parts of libraries that nothing here uses: Octokit's table of every endpoint and its pagination (requests
// are made by their path), and markdown-it's search for links in plain text (it is not turned on).
export const restEndpointMethods = () => ({});
export const paginateRest = () => ({});
export class LinkifyIt {}
