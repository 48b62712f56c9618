import type { Permission } from "../../../contract.ts";

/** What each permission lets somebody do; the page of roles in docs is made of these too. */
export const permissionWords = {
  "permission.company.read": "See the company's name, zone, hours, holidays, targets and suppliers",
  "permission.company.manage": "Change the company's settings",
  "permission.members.read": "See who can sign in, and who is invited",
  "permission.members.manage": "Change roles, end memberships, help somebody back in",
  "permission.members.invite": "Invite people",
  "permission.keys.manage": "Make and revoke API keys",
  "permission.audit.read": "See who changed what of the settings, and who took what away",
  "permission.people.read": "See the people of the record",
  "permission.people.manage": "Add and change people",
  "permission.assets.read": "See assets",
  "permission.assets.manage": "Add and change assets",
  "permission.requests.read":
    "See requests and their timelines (a supplier's people: those that concern their supplier)",
  "permission.requests.answer": "Add to a request's timeline, attach files, say that it is done",
  "permission.requests.write": "Log calls, change requests, confirm, reopen and cancel them",
  "permission.requests.own": "Report problems of one's own, see how they stand, add to them, confirm and reopen them",
  "permission.imports.read": "See imports",
  "permission.imports.run": "Import, settle doubts, undo an import",
  "permission.exports.read": "See who took what with them",
  "permission.exports.make": "Take the record with them",
  "permission.figures.read": "See the figures and the sentence",
  "permission.views.read": "See saved views",
  "permission.views.save": "Save views of one's own",
  "permission.views.share": "Share views with everybody",
} as const satisfies Record<`permission.${Permission}`, string>;
