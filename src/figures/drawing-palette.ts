/** Ink on paper: the colours of the pages (src/web/ui/tokens.css), as numbers, for a drawing stands alone in a mail.
 * No two of one palette are the same: the dark drawing is the light one, colour by colour. */
export interface Palette {
  paper: string;
  ink: string;
  soft: string;
  line: string;
  rule: string;
  accent: string;
  /** The accent, washed out. */
  tint: string;
  grey: string;
}

export const light: Palette = {
  paper: "#fcfbf8",
  ink: "#1b1f23",
  soft: "#565c65",
  line: "#e5e1d8",
  rule: "#1b1f24",
  accent: "#1d4f8f",
  tint: "#c3d6ec",
  grey: "#a9a498",
};

export const dark: Palette = {
  paper: "#15171a",
  ink: "#e9e7e2",
  soft: "#a8adb4",
  line: "#2c3035",
  rule: "#b9b6af",
  accent: "#9cc1f4",
  tint: "#2f4a6d",
  grey: "#6b7078",
};
