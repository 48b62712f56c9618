/**
 * Requests: the front door. A call for support is opened, acted on, read and imported through these functions,
 * whichever door it came in by (page, API, import, command, job).
 */
export { openRequests, type OpenRequest } from "./opening.ts";
export { actOnRequests, type Act, type ActEntry } from "./acts.ts";
export { listRequests } from "./list.ts";
export { suggestRequests } from "./similar.ts";
export { listOrder } from "./reading-rows.ts";
export { getRequest, getChoices } from "./reading.ts";
export { badCursor, cursorFrom, cursorTime, parseCursor } from "./cursors.ts";
export { listOpenByDue, type DueRequest } from "./due.ts";
export { correctEntry, type Correction } from "./correcting.ts";
export { linkRequests, type LinkRequest } from "./linking.ts";
export { mergeRequests, type MergeRequest } from "./merging.ts";
export { undoEntry, type Undo } from "./undoing.ts";
export { applyBulk, previewBulk, reverseBulk } from "./bulk.ts";
export { endSupplier, previewEnding, takeBackEnding } from "./endings.ts";
export { listEntries } from "./timeline.ts";
export {
  defaultCompanyBytes,
  admitAttachments,
  keepAttachments,
  listAttachments,
  lookAtFile,
  type ArrivedFile,
  type AttachmentTools,
  type ListedAttachment,
} from "./attachments.ts";
export { cleanFileName } from "./attachments-names.ts";
export { brokenAttachments, checkFile } from "./attachments-check.ts";
export { standingOf } from "./imported-standing.ts";
export { knownSources, type KnownSource } from "./imported-sources.ts";
export {
  importRequests,
  readImported,
  writeImported,
  type Importing,
  type ImportOutcome,
  type SealedImport,
} from "./imported.ts";
export { reserveNumbers, returnNumbers, type NumberBlock } from "./numbers.ts";
export type { ImportedEvent, ImportedRequest } from "./imported-record.ts";
export { checkChains, type ChainCheck, type ChainFault } from "./check-chains.ts";
export { broughtBy, builtOn, withdrawImported, type Brought, type BuiltOn } from "./withdrawing.ts";
export { actorName } from "./actor-names.ts";
export { namedByRequests } from "./naming.ts";
export { findSideOfRequest, findTold } from "./telling.ts";
export { closeSilent } from "./silence.ts";
export { remeasure, remeasureNext, type Remeasured } from "./remeasure.ts";
export { foldEntries, measuredAnew, type FoldedEntries, type RecordedEntry } from "./fold-entries.ts";
export type { Facts, RulesFor } from "./facts.ts";
export { derivedColumns } from "./measure.ts";
export { faultOfActor, faultOfEntry } from "./recorded.ts";
export { conditions, source, weekdayOf } from "./filter.ts";
export { bringBackRequests, refuseUnlessWithoutRequests, type ReturnedRow, type ReturnedRows } from "./returning.ts";
export { firstBrokenLink, headerHash, type ChainLink, type Content, type Header } from "./chain.ts";
