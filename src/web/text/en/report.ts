/** The report page. Apart from the catalogue of the pages, none of which it loads. */
export const report = {
  title: "Report a problem",
  what: "What is wrong?",
  hint: "Say it as you would on the phone. Where you are helps too.",
  name: "Your name (optional, remembered on this device)",
  send: "Send",
  sending: "Sending…",
  another: "Report something else",
  empty: "Please write what is wrong.",
  received: "Received. Thank you.",
  number: "Your report has the number",
  notSent: "Not sent: there is no connection. Your text stays on this device; press Send again when there is one.",
  failed: "Not sent. Your text stays on this device; please try again in a moment.",
  noLink: "This link is not complete, or it has been withdrawn. Ask in your office for the new one.",
} as const;
