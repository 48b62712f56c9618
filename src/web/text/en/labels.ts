/** Labels to be stuck on assets. */
export const labels = {
  "labels.title": "Labels",
  "labels.intro":
    "Stuck on a thing, a label spares people from describing it: the camera reads the code, and what they report says which thing it is about.",
  "labels.backToAsset": "Back to the asset",
  "labels.which": "For which",
  "labels.all": "All",
  "labels.none": "None",
  "labels.sheet": "On which sheet",
  "labels.format": "Labels on a sheet",
  "labels.size": "{columns} × {rows}, {width} × {height} mm each",
  "labels.first": "Begin with label no.",
  "labels.opens": "The code opens",
  "labels.opensReport": "the report page",
  "labels.opensSignIn": "the form for members",
  "labels.opensReportHint":
    "Everybody can report, without an account. The labels share one link of the report page, which you find in the settings by its name; when you end it there, their codes only lead members on to sign in.",
  "labels.opensSignInHint": "Only for those who sign in and may log calls. These codes never end.",
  "labels.linkName": "Labels of {date}",
  "labels.make": { one: "Make {n} label", other: "Make {n} labels" },
  "labels.makeHint":
    "Their link is shown in no other place: print them before you leave this page. More can be made at any time.",
  "labels.print": { one: "Print {n} label", other: "Print {n} labels" },
  "labels.printHint": "Print at 100 % of the size, on A4, without headers and footers.",
  "labels.code": "Code that opens the report for {name}",
  "labels.scan": "Something wrong? Scan.",
  "labels.open": "Print labels",
  "labels.openOne": "Print its label",
} as const;
