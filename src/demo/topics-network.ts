import type { Topic } from "./topic.ts";

/** Cables, air, and what stands behind the locked door. */
export const network: readonly Topic[] = [
  {
    supplier: "it",
    category: "VPN and home office",
    weight: 17,
    effort: 75,
    from: ["Sales", "Accounts", "Management", "Purchasing", "Marketing"],
    months: [1, 12],
    cases: [
      {
        say: ["VPN does not connect from home", "VPN: connection failed"],
        more: ["Internet at home is fine, I can stream.", "It worked on Tuesday."],
        fix: [
          "Client updated; connection has been up for two hours.",
          "Account had no right for it any more after the change of group. Given.",
        ],
        ask: "Which message comes exactly?",
      },
      {
        say: ["VPN drops every few minutes", "VPN loses me all the time"],
        more: ["Phone as hotspot is the same."],
        fix: ["Packet size lowered, steady since the morning.", "Home router had an old firmware; updated together."],
      },
      {
        say: ["Cannot reach the order system from home", "VPN fine but drives are missing"],
        fix: ["The home router gave out the same addresses as our office; changed together on the phone."],
        ask: "Which router do you have at home?",
      },
      {
        say: ["Remote desktop is black", "Remote desktop shows nothing but the pointer"],
        fix: ["Session ended here and started again, your documents were all open."],
      },
      {
        say: ["Working from the hotel, VPN blocked", "No VPN at the trade fair"],
        more: ["I am in Lyon until Friday."],
        fix: ["Second way in over port 443 opened for such places."],
      },
      {
        say: ["VPN asks for an update I may not install", "VPN wants administrator rights"],
        fix: ["Update sent from here; it installs by itself at the next start."],
      },
      {
        say: ["Very slow over VPN in the afternoon", "VPN crawls after three"],
        fix: ["A backup of a laptop went through the VPN. It only runs in the office now."],
      },
    ],
  },
  {
    supplier: "it",
    category: "Network and internet",
    weight: 15,
    effort: 140,
    priority: "high",
    from: ["Office", "Warehouse", "Sales", "Customer service", "Transport", "Accounts"],
    cases: [
      {
        say: ["Wireless in the meeting room is useless", "Meeting room: no wireless with more than four people"],
        asset: "Access point AP-2",
        more: ["Auditors come tomorrow and need it."],
        fix: ["Access point moved to its own channel, 180 Mbit in the room."],
        part: "New access point ordered",
      },
      {
        say: ["Internet very slow", "Pages take a minute to open"],
        asset: "Firewall",
        more: ["Speed test says 3 Mbit."],
        fix: [
          "The carrier had throttled us by mistake, full speed again.",
          "Backup to the cloud ran by day; moved to the night again.",
        ],
        part: "The carrier measures the line",
      },
      {
        say: ["No network in dispatch", "Whole sales office without network"],
        asset: "Switch SW-3",
        fix: [
          "A loop: somebody had plugged both ends of a cable into the wall. Removed, port labelled.",
          "Power supply of the switch replaced.",
        ],
        ask: "Can {colleague} let us into the server room?",
      },
      {
        say: ["Wireless in the cold store gone again", "Cold store: scanners find no network"],
        asset: "Access point AP-6",
        fix: ["Access point replaced by one that likes the cold."],
        part: "New access point ordered",
      },
      {
        say: ["Network socket at the new desk is dead", "Cable is plugged in, light is off"],
        asset: "Switch SW-3",
        fix: ["Socket patched to switch 3, port 17."],
      },
      {
        say: ["Guests cannot get into the guest wireless", "Guest wireless refuses the code"],
        asset: "Access point AP-2",
        fix: ["Codes had run out; 200 new ones are at the reception."],
      },
      {
        say: ["Video calls freeze upstairs", "Meetings stutter on the first floor"],
        asset: "Access point AP-2",
        fix: ["Video has priority on the line now, tried with three calls at once."],
      },
    ],
  },
  {
    supplier: "it",
    category: "Servers and backup",
    weight: 8,
    effort: 200,
    priority: "high",
    from: ["Office", "Accounts", "Warehouse"],
    cases: [
      {
        say: ["Backup report says failed", "Backup mail is red, third night"],
        asset: "Backup storage",
        fix: ["One disk of the backup storage replaced, last night's run was complete and a test file restored."],
        part: "Replacement disk ordered, express",
      },
      {
        say: ["Server room is 29 degrees", "Heat alarm of the server room"],
        asset: "Server room",
        fix: ["Filter of the cooling unit cleaned, 21 degrees now."],
        part: "The cooling firm comes on Thursday",
      },
      {
        say: ["Something beeps in the server room", "Beeping behind the server room door"],
        asset: "Server room",
        more: ["It drives us mad."],
        fix: ["Battery of the UPS exchanged, and it holds for 20 minutes again."],
        part: "Battery for the UPS ordered",
      },
      {
        say: ["Order system very slow for everybody", "Server hangs, all of us wait"],
        asset: "Server QA-SRV1",
        fix: [
          "A report of 2019 ran every ten minutes and ate the server. Stopped.",
          "Disk of the database was nearly full; enlarged.",
        ],
      },
      {
        say: ["Message: certificate expires in 5 days", "Warning about a certificate on the intranet"],
        asset: "Server QA-SRV1",
        fix: ["Certificate renewed; it will renew itself from now on."],
      },
    ],
  },
  {
    supplier: "it",
    category: "Cold store monitoring",
    weight: 6,
    effort: 110,
    priority: "high",
    from: ["Quality", "Warehouse"],
    months: [6, 7, 8],
    cases: [
      {
        say: ["{asset} shows no temperature", "{asset} is silent"],
        asset: "Sensor CS-4",
        more: ["The store itself is fine, we measured by hand."],
        fix: [
          "Sensor exchanged for the spare one and paired.",
          "Sensor had lost its radio; battery changed and paired again.",
        ],
        part: "Spare sensor ordered",
      },
      {
        say: ["Gap of three hours in the temperature record", "Temperature record has a hole on Sunday"],
        more: ["The record has to be complete for the inspection."],
        fix: ["Values were on the gateway and have been read in afterwards, the record is complete."],
      },
      {
        say: ["False alarm from the cold store at night", "Alarm at 3 a.m., all was fine"],
        asset: "Sensor CS-7",
        fix: ["Threshold was set for the freezer. Set to 5 degrees."],
        ask: "From which temperature on shall it ring?",
      },
      {
        say: ["Temperature report for the auditor is empty", "Monthly temperature report does not come"],
        fix: ["Report ran into an old address. Sent again, and sent to the quality mailbox from now on."],
      },
      {
        say: ["Alarm text message went to somebody who left", "Who gets the cold store alarms?"],
        fix: ["List of numbers put right with {colleague}."],
        ask: "Who should be on the list of numbers?",
      },
    ],
  },
  {
    supplier: "it",
    category: "Meeting room",
    weight: 8,
    effort: 60,
    from: ["Management", "Sales", "Marketing", "Office"],
    assets: ["Meeting room, big screen"],
    cases: [
      {
        say: ["Big screen in the meeting room stays dark", "Meeting room screen will not switch on"],
        more: ["{customer} is here at two."],
        fix: ["Input set back and the buttons labelled."],
      },
      {
        say: ["Customers cannot hear us in video calls", "Meeting room microphone is dead"],
        fix: ["Microphone was muted on the device itself."],
      },
      {
        say: ["Presentation without sound", "No sound from the big screen"],
        fix: ["Sound went to the laptop. One button for both now."],
      },
      {
        say: ["Room camera shows the ceiling", "Meeting room camera looks at the door"],
        fix: ["Position stored; button 1 brings it back."],
      },
      {
        say: ["Meeting room is booked by nobody", "Cannot book the meeting room on Thursdays"],
        fix: ["Series of a colleague who left deleted."],
      },
      {
        say: ["Cable in the meeting room has no picture", "Adapter in the meeting room vanished"],
        fix: ["Cable replaced; the adapter now has a chain on it."],
      },
    ],
  },
];
