import type { Topic } from "./topic.ts";

/** The programs the business runs on: orders (Stockroom), accounts (Ledgerline), and what customers send. */
export const business: readonly Topic[] = [
  {
    supplier: "it",
    category: "Order system",
    weight: 27,
    effort: 150,
    priority: "high",
    from: ["Customer service", "Sales", "Purchasing", "Warehouse"],
    cases: [
      {
        say: ["Stockroom closes when I save an order", "Order {number} cannot be saved"],
        more: ["Only for orders with more than 40 lines.", "It is the same for all of us."],
        fix: ["A field was too short for the new article text; corrected and the order saved."],
        ask: "Please give us one order number where it happens",
        part: "The maker of Stockroom delivers a correction",
      },
      {
        say: ["Orders from {customer} do not come in", "Electronic orders stuck since seven"],
        more: ["They have called twice."],
        fix: [
          "Interface restarted; 23 orders came in, none is missing.",
          "Their certificate had changed; the new one is stored.",
        ],
        part: "{customer}'s IT has to send the messages again",
      },
      {
        say: ["Stock of article {number} is wrong", "System says 40 boxes, shelf says 4"],
        fix: ["Stock booked right with {colleague}. The scanner had booked one delivery twice."],
        ask: "Has anybody counted the shelf today?",
      },
      {
        say: ["Stockroom shows last month's prices", "Offers print the old price"],
        fix: ["Price list of this month activated."],
      },
      {
        say: ["Cannot print the pick list", "Pick list comes out empty"],
        more: ["Van is loaded in an hour."],
        fix: ["Printer of the pick list was set to one that is gone. Changed for the whole shift."],
      },
      {
        say: ["Order {number} cannot be cancelled", "Order {number} hangs between two states"],
        fix: ["Released by hand and cancelled."],
      },
      {
        say: ["Delivery date jumps back to today", "Wrong delivery day on new orders"],
        fix: ["Calendar of the tours had ended; filled until the end of next year."],
      },
      {
        say: ["Customer {customer} appears twice", "Two accounts for {customer}"],
        fix: ["Duplicate merged, all orders hang on the right one."],
        ask: "Which of the two customer records is the right one?",
      },
      {
        say: ["Discount is not calculated", "Discount of {customer} missing on the invoice"],
        fix: ["Discount group had an end date. Renewed, three invoices corrected with accounts."],
      },
      {
        say: ["Search by article number very slow", "Article search takes half a minute"],
        fix: ["Index rebuilt, the search takes a second now."],
      },
      {
        say: ["Best-before date missing on the delivery note", "Batch number not printed"],
        fix: ["The form had lost a field in the update. Back, tried with order {number}."],
      },
      {
        say: ["Stockroom says too many users", "Nobody else can log in to Stockroom"],
        fix: ["Three sessions of people who have gone home were ended."],
        part: "Two more licences ordered",
      },
    ],
  },
  {
    supplier: "it",
    category: "Accounting software",
    weight: 18,
    effort: 160,
    from: ["Accounts", "Management", "Office"],
    months: [1, 3, 7],
    cases: [
      {
        say: ["Ledgerline does not open after the update", "Ledgerline: wrong database version"],
        more: ["{colleague} has the same."],
        fix: ["Database brought to the version of the program; opens for all three."],
        ask: "May we close Ledgerline for all at 12:30?",
        part: "The maker of Ledgerline looks at our database",
      },
      {
        say: ["VAT return cannot be sent", "Tax office rejects our return"],
        more: ["Return is due on the 19th."],
        fix: ["Certificate for the tax office renewed, the return was accepted."],
      },
      {
        say: ["Bank statements are not imported", "No bank movements since Thursday"],
        fix: ["Bank changed its format; new import profile in place."],
        part: "The bank checks its side",
      },
      {
        say: ["Closing the month fails with error {number}", "Cannot close the month"],
        fix: ["One booking in a closed month was the reason. Released together with {colleague}."],
      },
      {
        say: ["Payment file is rejected by the bank", "Bank says invalid file"],
        more: ["Payments should go out at three."],
        fix: ["One supplier had a space in the IBAN; the check finds that from now on."],
        ask: "Please send us the payment file (without the amounts if you like)",
      },
      {
        say: ["Balance list shows zero", "Report of open items is empty"],
        fix: ["The filter of last year was still saved in the report."],
      },
      {
        say: ["Dunning letters print without address", "Reminders go out with the wrong letterhead"],
        fix: ["Template linked anew, the 17 of today printed again."],
      },
      {
        say: ["Ledgerline is in read-only mode", "Ledgerline says licence expired"],
        fix: ["Licence had run out over the weekend; renewed."],
        part: "New licence file requested",
      },
      {
        say: ["Invoice {number} is missing in the archive", "Cannot find scanned invoices of last week"],
        fix: ["They hung in the queue of the scanner; all 31 are in the archive now."],
      },
      {
        say: ["Payroll export has the wrong format", "Payroll office cannot read our file"],
        fix: ["Separator had changed with the update. Set back, file sent again."],
      },
    ],
  },
  {
    supplier: "it",
    category: "Electronic orders",
    weight: 9,
    effort: 220,
    from: ["Customer service", "Purchasing"],
    cases: [
      {
        say: ["Catalogue of a supplier is not read", "New price catalogue will not load"],
        fix: ["Two columns had changed places. Mapping corrected, 4,100 articles are in."],
        ask: "Do you have their new interface description?",
      },
      {
        say: ["Order confirmation not sent to {customer}", "{customer} gets no confirmations"],
        more: ["Since their change of software."],
        fix: ["Their new number stored with the partner; test order went through."],
        part: "Waiting for a test message from the customer's side",
      },
      {
        say: ["Units wrong in orders of {customer}", "Pieces instead of boxes in electronic orders"],
        fix: ["Conversion stored for 60 articles, the four orders of today corrected."],
      },
      {
        say: ["New customer wants electronic invoices", "{customer} takes electronic invoices only from next month"],
        fix: ["Profile set up, first invoice was accepted by their portal."],
        part: "Waiting for access to the customer's portal",
      },
      {
        say: ["Invoice to {customer} rejected, wrong tax code", "E-invoice comes back with an error"],
        more: ["They threaten to charge us for paper."],
        fix: ["Code corrected, the rejected invoices were sent again and accepted."],
      },
      {
        say: ["Despatch advice without batch numbers", "{customer} misses batch numbers in the advice"],
        fix: ["Batch numbers come along since today's version."],
      },
    ],
  },
];
