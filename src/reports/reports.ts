/** The report page: people of a company report without an account, by a link that can be revoked. The front door. */
export { listReportLinks, makeReportLink, revokeReportLink } from "./links.ts";
export { readReportPage, sendReport, type Received, type SentReport } from "./sending.ts";
export { listFollowLinks, makeFollowLink, revokeFollowLink } from "./follow-links.ts";
export { actOnFollowed, readFollowed, type FollowAct } from "./following.ts";
export { actOnOwn, listOwnRequests, readOwnRequest, reportOwn, type OwnReport } from "./own.ts";
