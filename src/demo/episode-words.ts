import type { Kind } from "../requests/contract.ts";
import type { Course } from "./world.ts";

/** [time, who, subject, details] */
export const outage = {
  lines: [
    [
      "09:12",
      "Orla Keane",
      "No internet anywhere in the office",
      "Orders do not come in and the web shop says offline.",
    ],
    ["09:14", "Gráinne Walsh", "Route planning does not load", "Vans are standing at the ramp."],
    ["09:15", "Declan Roche", "All scanners offline", "We pick from paper."],
    ["09:19", "Goran Petrović", "Bank does not open in the browser", undefined],
    ["09:21", "Nadia Benali", "Is the internet down or is it me?", undefined],
    ["09:24", "Henrike Vos", "Supplier portals unreachable", "Deadline for the Dutch order is ten o'clock."],
    ["09:27", "Eimear Foley", "VPN dead, I am at home", "Router at home is fine."],
    ["09:33", "Elske de Boer", "Newsletter tool does not respond", undefined],
    ["09:38", "Jonas Ekdahl", "Customers say our mails bounce", "Greenbank Grocers and two others."],
    ["09:51", "Rui Almeida", "Video call with the bank broke off, nothing works", "When will it be back?"],
  ],
  waitsFor: "Line is cut: the carrier's fault number is 77-4120, a splice team is on its way",
  fix: "The carrier has spliced the fibre that an excavator cut at the roadworks. Line is up since 13:42; the spare line over mobile had taken the phones and card payments meanwhile.",
  same: "Same cause as the first call: cut fibre, repaired by the carrier. Please restart what still hangs.",
} as const satisfies {
  lines: readonly (readonly [string, string, string, string | undefined])[];
  [key: string]: unknown;
};

/** The owner's own remark in the evening of that day, on the first of its calls. */
export const afterTheOutage =
  "Four and a half hours. I want to know what a second line costs and why the spare one does not carry the order system. Put it on the agenda for the review.";

/** [who, subject, fix, ending] and the request that ends it. */
export const comingBack: {
  faults: readonly [string, string, string, Course["ending"]][];
  end: readonly [string, string, string];
} = {
  faults: [
    ["Niamh Tuohy", "Label printer in dispatch is offline", "Restarted, address fixed. Prints.", "confirmed"],
    [
      "Wiktor Sobol",
      "Dispatch label printer offline again",
      "Network cable exchanged, the old one was kinked.",
      "confirmed",
    ],
    ["Niamh Tuohy", "LP-02 prints half labels", "Sensor calibrated, 50 labels printed in a row.", "reopened"],
    ["Paulo Teixeira", "Labels for dispatch come out blank", "Print head cleaned.", "confirmed"],
    [
      "Declan Roche",
      "Dispatch printer drops off the network, fourth time now",
      "Driver on the print server replaced.",
      "confirmed",
    ],
    ["Ionuț Marin", "LP-02 does nothing, vans wait", "Power supply loose. Fixed with a clip.", "reopened"],
    [
      "Niamh Tuohy",
      "Label printer dispatch: offline since early shift",
      "Moved to its own socket on switch 3.",
      "confirmed",
    ],
    [
      "Tadhg Buckley",
      "LP-02 prints addresses without the postcode",
      "Template loaded again, the printer had lost its memory.",
      "confirmed",
    ],
    [
      "Declan Roche",
      "Label printer dispatch dead, this cannot go on",
      "Borrowed one is in place. The main board is failing, which explains the other eight.",
      "confirmed",
    ],
  ],
  end: [
    "Declan Roche",
    "New label printer for dispatch instead of LP-02",
    "New printer is in, old one taken away. Same labels, twice as fast.",
  ],
};

/** January: six people get new laptops, and what was forgotten on the old ones. */
export const replacements = {
  people: ["Aoife Brennan", "Cathal Moran", "Henrike Vos", "Orla Keane", "Katrin Oberholzer", "Rui Almeida"],
  subject: "New laptop in place of {me}, as agreed in the budget",
  fix: "New laptop handed over, data moved, old one wiped. The list is in the folder.",
  parts: ["Laptops are ordered, the vendor says ten working days", "Delivery split in two, the rest comes next week"],
  after: [
    ["Aoife Brennan", "Ledgerline shortcut missing on the new laptop", "Shortcut and printer preference set."],
    ["Cathal Moran", "Offer templates are not on the new laptop", "Copied from the backup of the old one, 46 files."],
    ["Henrike Vos", "New laptop does not fit the old dock", "Adapter delivered; works with both screens."],
    ["Rui Almeida", "Fingerprint does not work on the new laptop", "Driver installed and finger taught together."],
    ["Katrin Oberholzer", "Audit program asks for activation after the change", "Licence moved to the new machine."],
  ],
} as const;

/** [days from the first Monday of September, who, category, kind, subject, fix] */
export const onboarding: readonly [number, string, string, Kind, string, string][] = [
  [
    -13,
    "Maeve Doran",
    "Accounts and passwords",
    "service_request",
    "Three people start in September: accounts, please",
    "Accounts are there, passwords in sealed envelopes with Maeve.",
  ],
  [
    -13,
    "Maeve Doran",
    "Moves and new desks",
    "service_request",
    "Laptop and two screens for Saoirse Nolan",
    "Set up at the desk by the window.",
  ],
  [
    -13,
    "Maeve Doran",
    "Moves and new desks",
    "service_request",
    "Laptop and dock for Mateus Rocha (travels a lot)",
    "Prepared with VPN, in the cupboard with his name on it.",
  ],
  [
    -12,
    "Maeve Doran",
    "Moves and new desks",
    "service_request",
    "Desk and laptop for Yusra Amin in accounts",
    "Done, the second scanner is connected too.",
  ],
  [
    -12,
    "Maeve Doran",
    "Telephone",
    "service_request",
    "Extensions 238, 239 and 240 for the newcomers",
    "All three ring and are in the directory.",
  ],
  [
    0,
    "Saoirse Nolan",
    "Accounts and passwords",
    "incident",
    "First day: password from the envelope is refused",
    "A zero that was an O. New password set on the phone.",
  ],
  [
    0,
    "Mateus Rocha",
    "Mobile devices",
    "incident",
    "Work phone shows no mail, first day",
    "Profile installed, mail is there.",
  ],
  [
    1,
    "Yusra Amin",
    "Accounting software",
    "incident",
    "Ledgerline says I have no rights",
    "Same rights as Lucia given.",
  ],
  [
    1,
    "Beatriz Nunes",
    "Telephone",
    "incident",
    "Saoirse is not in the hunt group yet",
    "Added, order of ringing agreed with Orla.",
  ],
  [
    3,
    "Mateus Rocha",
    "VPN and home office",
    "incident",
    "VPN asks for a certificate I do not have",
    "Certificate installed; it had been made for the wrong laptop.",
  ],
  [
    8,
    "Yusra Amin",
    "Scanning",
    "incident",
    "Scans of the new scanner land in Goran's folder",
    "Folder of its own set up.",
  ],
];

/** [time, who, subject, fix]: the first working Monday of January. */
export const vpnCertificate: readonly [string, string, string, string][] = [
  [
    "08:06",
    "Goran Petrović",
    "VPN: certificate has expired",
    "Certificate of the firewall renewed for two years, with a reminder this time.",
  ],
  ["08:17", "Luís Camacho", "Cannot work from home, VPN certificate error", "Fixed for all: certificate renewed."],
  ["08:31", "Hugo Lindgren", "No VPN since the holidays", "Certificate renewed, see the first call of today."],
  [
    "08:50",
    "Soraya Haddad",
    "VPN warns of an unsafe connection, may I click on it?",
    "No need to: the certificate is good again. Thank you for asking first.",
  ],
];

/** The morning after the agency changed the telephone system. */
export const switchboard: readonly [string, string, string, string][] = [
  [
    "08:04",
    "Orla Keane",
    "Since the change all calls land at my desk",
    "Hunt group had taken over the test setting. All four phones ring again.",
  ],
  [
    "08:12",
    "Rasa Kazlauskaitė",
    "Phone rings but no sound after the update",
    "Sound settings of the new software corrected for all desk phones.",
  ],
  [
    "08:40",
    "Gráinne Walsh",
    "Transport line goes to the night announcement",
    "Calendar of the new system had the wrong time zone.",
  ],
  [
    "09:03",
    "Aoife Brennan",
    "Speed dials are gone since yesterday's change",
    "Imported from the old system, 212 numbers.",
  ],
  ["09:26", "Cathal Moran", "Voicemail greeting is in French", "Language set to English for everybody. Sorry."],
];

/** Two weeks before Christmas. */
export const shopDown: readonly [string, string, string, string][] = [
  [
    "10:02",
    "Elske de Boer",
    "Web shop is down, in the middle of the hamper campaign",
    "Too many visitors for the small server. Moved to a bigger one until January.",
  ],
  [
    "10:05",
    "Beatriz Nunes",
    "Customers get an error at the checkout",
    "Same cause: server moved, checkout tested with three orders.",
  ],
  ["10:20", "Piotr Zielak", "Shop shows a white page", "Back since 10:51, thank you for calling."],
];
