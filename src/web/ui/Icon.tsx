/** Line drawings of 20 × 20, drawn for Openbook; always beside a word or named by the button that holds them. */
const paths = {
  overview: "M3.5 16.5h13M6 13.5v-4M10 13.5v-9M14 13.5v-6",
  requests: "M3.5 5h13M3.5 10h13M3.5 15h8",
  assets: "M3.500 4.500h13v8.500h-13zM10 13v3.500M6.500 16.500h7",
  import: "M10 3v9m0 0 3.5-3.5M10 12 6.5 8.5M3.5 13.5v3h13v-3",
  settings: "M3.5 6h7m4 0h2M3.5 14h2m4 0h7M10.5 6a2 2 0 1 0 4 0 2 2 0 0 0-4 0Zm-5 8a2 2 0 1 0 4 0 2 2 0 0 0-4 0Z",
  plus: "M10 4v12M4 10h12",
  search: "M9 14.5A5.5 5.5 0 1 0 9 3.5a5.5 5.5 0 0 0 0 11ZM13 13l4 4",
  close: "m5 5 10 10M15 5 5 15",
  check: "m4 10.5 4 4 8-9",
  chevronUp: "m5 12.5 5-5 5 5",
  chevronDown: "m5 7.5 5 5 5-5",
  chevronRight: "m7.5 5 5 5-5 5",
  chevronLeft: "m12.5 5-5 5 5 5",
  pencil: "m4 16 .8-3.4L13 4.4l2.6 2.6-8.2 8.2L4 16Z",
  person: "M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM4 16.5c.6-2.6 3-4 6-4s5.4 1.4 6 4",
  copy: "M7 7h9v9H7zM4 13V4h9",
  print: "M6 8V3.500h8V8M6 14.500H4V8h12v6.500h-2M6 12h8v4.500H6z",
  alert: "M10 3.5 17 16H3L10 3.500ZM10 8.500v3.500M10 13.800v.400",
  clock: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6v4l2.5 2",
  filter: "M3.5 5.500h13M6 10h8M8.5 14.500h3",
  note: "M5 3.500h10v13H5zM8 7.500h4M8 11h4",
  clip: "m14.5 8.500-5.300 5.300a2.200 2.200 0 0 1-3.100-3.100L11.900 4.900a3.400 3.400 0 0 1 4.800 4.800L10.500 16",
  camera:
    "M3.500 6.500h3l1.200-2h4.600l1.200 2h3V15.500h-13zM10 13.500a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400Z",
  lock: "M5.5 9h9v7h-9zM7.5 9V6.500a2.5 2.5 0 0 1 5 0V9",
} as const;
export type IconName = keyof typeof paths;

/** Decorative: hidden from screen readers, the word stands beside it. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      style={{ width: `${size / 16}rem`, height: `${size / 16}rem` }}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
