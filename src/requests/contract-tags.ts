import { z } from "zod";

/** The words that requests are filed under, beside the one category. */

export const maxTags = 20;
export const maxTagLength = 50;

/** What somebody typed as a tag has become: one word for one thing, whoever writes it how. */
export const Tag = z
  .string()
  .normalize("NFC")
  .trim()
  .toLowerCase()
  .min(1)
  .max(maxTagLength)
  // A comma stands between the tags of an address; the rest would hide in a list.
  .regex(/^[^,\p{C}]+$/u, "A tag has no commas and no invisible characters.")
  .meta({ description: "Kept in small letters" });
export const Tags = z.array(Tag).max(maxTags);
