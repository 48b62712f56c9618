import type { Topic } from "./topic.ts";

const upstairs = "MFP-2 copier, first floor";

/** Whatever puts ink on paper, and what reads it back. */
export const printing: readonly Topic[] = [
  {
    supplier: "it",
    category: "Printing",
    weight: 20,
    effort: 120,
    assets: ["MFP-1 office copier", upstairs],
    from: ["Office", "Accounts", "Sales", "Purchasing", "Customer service"],
    cases: [
      {
        say: ["Copier says paper jam but there is none", "Paper jam that nobody can find"],
        more: ["We have opened every flap there is."],
        fix: [
          "Feed rollers changed, 200 sheets without a jam.",
          "Sensor in tray 2 was dirty; cleaned.",
          "A label was stuck to the roller. Out, and it feeds again.",
        ],
        ask: "Is there a number in the message? Which?",
        part: "Feed rollers ordered",
      },
      {
        say: ["Printouts have a grey stripe", "Dirty stripe on every page"],
        more: ["Invoices have to go out today."],
        fix: ["Drum replaced, test page is clean."],
        part: "Drum unit ordered, comes tomorrow",
      },
      {
        say: [
          "Nothing comes out of the copier",
          "Print jobs wait in the queue for ever",
          "Twelve documents in the queue, none printed",
        ],
        more: ["Switched off and on, no change."],
        fix: [
          "One broken file blocked the queue; removed, the others were printed.",
          "Service on the print server had stopped. It starts by itself from now on.",
        ],
      },
      {
        say: ["Copier is offline for me, fine for the others", "I cannot print, {colleague} can"],
        fix: [
          "Wrong port after the copier got a new address. Fixed address now.",
          "Driver removed and installed again on {me}.",
        ],
      },
      {
        say: ["Prints only in black since yesterday", "No colour any more"],
        fix: ["Default had changed to grey with the update. Colour is back for those who may."],
      },
      {
        say: ["Copier asks for a code nobody knows", "Code on the copier display"],
        fix: ["Codes switched off again; they came with the maker's update."],
      },
      {
        say: ["Every letter comes out twice", "Prints two copies, whatever I choose"],
        fix: ["Number of copies was saved in the template. Set to one."],
      },
      {
        say: ["Printer prints hieroglyphs instead of the invoice", "Invoice prints as gibberish"],
        fix: ["The document used a font the copier does not have; it is sent along now."],
      },
      {
        say: ["Copier squeaks terribly", "Strange noise from the copier"],
        fix: ["The leasing company's engineer has changed the fuser."],
        part: "The leasing company's engineer has to come for the fuser",
      },
    ],
  },
  {
    supplier: "it",
    category: "Printing",
    kind: "service_request",
    weight: 7,
    effort: 300,
    priority: "low",
    from: ["Office", "Warehouse", "Accounts"],
    cases: [
      {
        say: ["Toner for the office copier", "Office copier: black toner is nearly empty"],
        asset: "MFP-1 office copier",
        fix: ["Delivered and put into the cupboard."],
        part: "Toner is on back order",
      },
      {
        say: ["Toner low upstairs, please order two", "Cyan for the copier upstairs"],
        asset: upstairs,
        fix: ["Changed on site; a spare is in the cupboard."],
      },
      {
        say: ["Labels for goods in are running out", "Label rolls for goods in, ten please"],
        asset: "LP-01 label printer, goods in",
        fix: ["Ordered with the next delivery, arrived this morning."],
      },
      {
        say: ["Waste toner box is full", "Copier wants a new waste box"],
        asset: upstairs,
        fix: ["Changed while I was in the house."],
      },
      {
        say: ["Staples for the copier", "Please collect the empty toners"],
        asset: "MFP-1 office copier",
        fix: ["Done with the last visit."],
      },
    ],
  },
  {
    supplier: "it",
    category: "Scanning",
    weight: 10,
    effort: 110,
    assets: ["MFP-1 office copier"],
    from: ["Accounts", "Office", "Quality", "Purchasing"],
    cases: [
      {
        say: ["Scan to mail does not arrive", "Scans never reach my mailbox"],
        more: ["Certificates are due to {customer} today."],
        fix: ["The mail password of the copier had expired; set to one that does not."],
      },
      {
        say: ["Scans are crooked and cut off", "Scanner takes two sheets at once"],
        asset: "SC-3 document scanner, accounts",
        more: ["Sixty delivery notes on the pile."],
        fix: ["Rollers changed and the counter reset."],
        part: "Set of rollers ordered",
      },
      {
        say: ["Scan folder is empty after scanning", "Where do my scans go?"],
        fix: ["They landed in the old folder. Path corrected, 14 files moved over."],
        ask: "Which folder should the scans land in?",
      },
      {
        say: ["Scanned delivery notes cannot be searched any more", "Text of scans is not recognised"],
        fix: ["Text recognition was off after the update. On again, the last 60 files were done afterwards."],
      },
      {
        say: ["Scanning to the quality folder says no permission", "Copier may not write into our folder"],
        fix: ["Rights of the copier on the moved folder were missing; given."],
      },
      {
        say: ["Scanning takes two minutes a page", "Scanner very slow"],
        fix: ["It was set to photo quality. 300 dpi is plenty."],
      },
    ],
  },
  {
    supplier: "it",
    category: "Scanners and labels",
    weight: 19,
    effort: 90,
    priority: "high",
    from: ["Warehouse", "Transport"],
    assets: ["Scanner 3", "Scanner 5", "Scanner 8", "Scanner 9", "Scanner 12"],
    cases: [
      {
        say: ["{asset} does not read barcodes", "{asset} beeps but reads nothing"],
        more: ["Dropped it yesterday, to be honest."],
        fix: [
          "Exchanged for one from the pool, the old one goes to repair.",
          "Glass cleaned; somebody had put a sticker on it.",
        ],
        part: "Scanner sent to the repair centre",
      },
      {
        say: [
          "{asset} loses the wireless in aisle 14",
          "No network in aisle 14",
          "Scanners drop out at the back of the cold store",
        ],
        more: ["Picking goes by paper meanwhile."],
        fix: [
          "Access point in aisle 14 had hung; restarted and its firmware brought up to date.",
          "Ice on the cable of the access point. Replaced and put into a box.",
        ],
        ask: "Which aisle exactly, and does it come back near the door?",
      },
      {
        say: ["Hand scanner shows yesterday's pick list", "{asset} has old orders on it"],
        more: ["Van for the north leaves at eleven."],
        fix: ["Application reset and the pick list loaded again."],
      },
      {
        say: ["Label printer goods in prints blank labels", "Goods in cannot print pallet labels"],
        asset: "LP-01 label printer, goods in",
        fix: ["Roll was in the wrong way round, and the head needed cleaning.", "Sensor calibrated; prints again."],
      },
      {
        say: ["Labels are shifted by half", "Pallet labels cut off on the right"],
        asset: "LP-01 label printer, goods in",
        fix: ["Template was for the wide labels. Changed back."],
      },
      {
        say: ["{asset} battery lasts one hour", "Battery of {asset} does not reach lunch"],
        fix: ["Battery replaced, two spare ones are in the charger."],
        part: "Two batteries ordered",
      },
      {
        say: ["{asset} is frozen", "{asset} stuck on the logo"],
        fix: ["Hard reset; the new version does this on first start, I did the others as well."],
      },
      {
        say: ["Scanner books everything twice", "Goods in booked twice since this morning"],
        fix: ["Double reading switched off; 18 bookings taken back with {colleague}."],
      },
    ],
  },
];
