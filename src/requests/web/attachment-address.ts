import { address } from "../../web/call.ts";
import { downloadAttachment } from "../contract-attachments.ts";

/** Where a file is downloaded from; a picture can be shown from there, whatever else the server says it is not. */
export function attachmentAddress(company: string, attachment: string): string {
  return address(downloadAttachment, { params: { company, attachment } });
}
