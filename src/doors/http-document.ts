import type { DocumentFacts } from "../platform/http-document.ts";

/** Without the prefix that it gets under https. */
export const cookieName = "openbook_session";

export const documentFacts: DocumentFacts = {
  title: "Openbook",
  description:
    "The business's own record of its IT support. A company's routes take an API key (`Authorization: Bearer ob_…`). " +
    "Times are instants in UTC; figures carry the query that lists the rows they were made from. " +
    "What is missing and what belongs to somebody else are both 404.",
  version: "1",
  cookieName,
};
