/** Settings of the report page: its links and the poster. The report page's own words are in report.ts. */
export const reporting = {
  "settings.reporting": "Report page",
  "reporting.intro":
    "Your people report a problem without an account: by a link or by the code on a poster. Whoever has it can report; nothing can be read with it.",
  "reporting.add": "Make a link",
  "reporting.name": "Where it hangs, or whom it is for",
  "reporting.nameHint": "You will find it by this name when you want to end it.",
  "reporting.none": "No link yet. Make one, print its poster and hang it up.",
  "reporting.caption": "Links to the report page",
  "reporting.reports": "Reports",
  "reporting.last": "The last one",
  "reporting.made": "Made",
  "reporting.revoke": "End",
  "reporting.revoked": "ended {date}",
  "reporting.revokeTitle": "End the link of {name}?",
  "reporting.revokeText":
    "At once nobody can report with it any more. Take the poster down: its code leads nowhere. What was reported stays.",
  "reporting.revokeDone": "The link of {name} has ended.",
  "reporting.shownTitle": "The link of {name}",
  "reporting.shownText":
    "It is shown this once. Print the poster or copy the link now; you can always make another one.",
  "reporting.link": "Link",
  "reporting.print": "Print the poster",
  "reporting.loopback":
    "This address works on this computer alone. Open Openbook under the address that phones in your office reach, and make the link there.",
  "reporting.poster.title": "Something is not working?",
  "reporting.poster.lead": "Tell us in ten seconds. No account, no app.",
  "reporting.poster.code": "Code that opens the report page",
  "reporting.poster.one": "Point the camera of your phone at the code.",
  "reporting.poster.two": "Say what is wrong. A photo helps.",
  "reporting.poster.three": "Press Send. You can follow what becomes of it.",
} as const;
