import type { Topic } from "./topic.ts";

/** What stands on the desk or travels in the bag. */
export const laptops: readonly Topic[] = [
  {
    supplier: "it",
    category: "Laptops",
    weight: 17,
    effort: 180,
    assets: ["{me}"],
    cases: [
      {
        say: ["Laptop takes ten minutes to start", "{me} needs ages until I can work"],
        more: ["Every morning since the weekend.", "I make coffee meanwhile, that is how long."],
        fix: ["An update was stuck half-way; removed and installed again, start is under a minute now."],
      },
      {
        say: ["My laptop is very slow since this morning", "Everything crawls when I open two price lists"],
        more: ["Worst between nine and ten.", "I have restarted it twice."],
        fix: [
          "The disk was 98 % full with old scans. Moved them to the archive, 140 GB free.",
          "Two virus scanners ran against each other. The old one is gone.",
        ],
        ask: "May we move the scans of 2021 to the archive?",
      },
      {
        say: ["Laptop freezes when a big spreadsheet is open", "{me} hangs several times a day"],
        more: ["I lost half an order over it.", "{colleague} opens the same file without trouble."],
        fix: [
          "Replaced the memory module, ran the test twice without an error.",
          "Graphics driver was broken; replaced, no freeze in an hour of testing.",
        ],
        ask: "When can we have {me} for an hour?",
        part: "Memory module ordered from the maker",
      },
      {
        say: ["Blue screen, second time this week", "Laptop restarts by itself", "Blue screen again while saving"],
        more: ["Photo of the screen is in the mail.", "Always when I undock it."],
        fix: [
          "The dock's driver was the reason. Updated, undocked twenty times without a crash.",
          "Memory test found errors; module replaced.",
        ],
        ask: "Please send a photo of the blue screen when it comes again",
      },
      {
        say: ["Laptop fan runs all the time and it gets hot", "Fan of {me} is as loud as a hairdryer"],
        fix: [
          "Full of flour dust. Cleaned, 20 degrees cooler now.",
          "A browser tab kept the processor busy; the extension behind it is removed.",
        ],
      },
      {
        say: ["Laptop will not wake up after lunch", "Screen stays black when I open the lid"],
        more: ["Only pulling the battery helps, I cannot do that every day."],
        fix: ["Firmware updated; wakes up as it should, tried it ten times."],
      },
      {
        say: ["Battery lasts twenty minutes", "{me} dies as soon as I unplug it"],
        fix: ["New battery fitted. The old one has been taken away for disposal."],
        part: "Battery ordered, two to three working days",
      },
    ],
  },
  {
    supplier: "it",
    category: "Laptops",
    weight: 8,
    effort: 300,
    assets: ["{me}"],
    priority: "high",
    cases: [
      {
        say: ["Laptop does not start at all", "{me} is dead this morning"],
        more: ["Only the charging light comes on.", "I work on the spare one for now, it has no order system."],
        fix: [
          "Main board is gone. Swapped for a spare with the same set-up, your files were all on the server.",
          "Drained it and started without the battery: lives again.",
        ],
        ask: "Was anything saved only on the laptop itself?",
        part: "Warranty technician of the maker has to come",
      },
      {
        say: ["Coffee over the keyboard of {me}", "Tea in the laptop, sorry"],
        fix: ["Keyboard replaced, dried out overnight, all keys tested."],
        part: "Keyboard ordered",
      },
      {
        say: ["Laptop fell off the desk, screen cracked", "Crack across the screen of {me}"],
        fix: ["Display replaced. Data untouched."],
        part: "Display on order, the vendor says 3 to 4 working days",
      },
      {
        say: ["Laptop battery is swollen", "Touchpad lifts up, battery looks thick"],
        more: ["I have switched it off, it frightens me."],
        fix: ["Battery taken out at once and replaced, two others of the same batch as well."],
      },
      {
        say: ["Hinge of the laptop is broken", "Lid of {me} hangs on one side"],
        fix: ["Lid with hinges exchanged under warranty."],
        ask: "Can we take {me} along until Thursday?",
        part: "Lid ordered from the maker",
      },
    ],
  },
  {
    supplier: "it",
    category: "Screens and docking",
    weight: 15,
    effort: 80,
    assets: ["{me}"],
    priority: "low",
    cases: [
      {
        say: ["Second screen is not found any more", "Left screen stays black since the weekend"],
        more: ["I have unplugged everything and plugged it in again.", "Works with the cable from the meeting room."],
        fix: [
          "Cable was damaged; replaced.",
          "Display driver rolled back, both screens are found after three restarts.",
        ],
        ask: "Which cable goes to the left screen, the flat or the round one?",
      },
      {
        say: ["Screen flickers when the dock is used", "Picture goes away for a second, all day long"],
        fix: ["Firmware of the dock updated, steady since then."],
      },
      {
        say: ["Dock charges but no picture", "Docking station does nothing"],
        more: ["{colleague} has the same dock and no trouble."],
        fix: [
          "Dock exchanged for one from the cupboard.",
          "It was in the socket that only charges. Label is on it now.",
        ],
      },
      {
        say: ["Screen shows everything too big", "Letters on the new screen are huge"],
        fix: ["Scaling set to 100 % and kept for this screen."],
      },
      {
        say: ["Mouse jumps around", "Mouse pointer has a life of its own"],
        fix: ["Replaced the mouse.", "New battery and a mat. It did not like the glass."],
      },
      { say: ["Keyboard types double letters", "Letter e sticks"], fix: ["New keyboard, it is yours to keep."] },
      {
        say: ["Webcam not found in meetings", "Nobody sees me in video calls"],
        fix: [
          "The shutter was closed, and besides the permission was missing. Both open now.",
          "Camera driver installed again.",
        ],
      },
      {
        say: ["Headset is silent in meetings, fine with music", "No sound from the laptop since the update"],
        fix: ["Wrong output was chosen after the update; set back and fixed for the future."],
      },
    ],
  },
  {
    supplier: "it",
    category: "Mobile devices",
    weight: 12,
    effort: 150,
    from: ["Sales", "Management", "Transport", "Purchasing", "Marketing"],
    cases: [
      {
        say: ["Mail no longer arrives on my phone", "Phone shows mail of last week only"],
        more: ["I am on the road until six.", "On the laptop it is all there."],
        fix: ["Device set up anew from the profile, mail is back."],
      },
      {
        say: ["Work calendar vanished from my phone", "Appointments missing on the phone"],
        fix: ["Calendar was switched off in the account after the update. On again."],
      },
      {
        say: ["Driver's tablet does not charge", "Tablet at 4 % and it will not go up"],
        asset: "Tablet T-04",
        more: ["Tour begins at five."],
        fix: [
          "Charging port cleaned. If it comes back the tablet has to be exchanged.",
          "Cradle in the van had no current; fuse replaced.",
        ],
        ask: "Does it light up on another charger?",
      },
      {
        say: ["Tablet stuck on the logo", "Driver's tablet will not start"],
        asset: "Tablet T-11",
        fix: ["New tablet set up, slips of yesterday were on the server already."],
        part: "Replacement tablet ordered",
      },
      {
        say: ["Signature on the tablet is not saved", "Delivery slip stays open after signing"],
        asset: "Tablet T-07",
        more: ["{customer} wants a signed slip for each drop."],
        fix: ["App updated; signatures of today were still on the device and have gone up."],
      },
      {
        say: ["Phone stolen at the trade fair", "Lost my work phone on the train"],
        fix: ["Wiped and locked from here, SIM blocked, a new phone is on its way."],
        ask: "Which number should the new card have, the old one?",
      },
      {
        say: ["Phone storage full, no photos of damages possible", "Phone says no space"],
        fix: ["3,000 pictures moved to the shared folder, they are uploaded by themselves from now on."],
      },
      {
        say: ["Hotspot does not connect in the van", "Laptop finds no internet over the phone"],
        fix: ["Tariff had no hotspot. Changed with the carrier, tried it out together."],
        part: "The carrier changes the tariff overnight",
      },
    ],
  },
];
