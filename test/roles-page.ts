import { rolesWithSecondFactor } from "../src/accounts/contract.ts";
import { rolesForCoordinators } from "../src/accounts/contract-invitations.ts";
import { permissionNames, permissions, permissionsOfSide, roles } from "../src/contract.ts";
import { en } from "../src/web/text/en.ts";

/**
 * docs/roles.md, made from the table the server itself goes by, so that the page cannot say anything else.
 */

const nameOf = (role: (typeof roles)[number]) => en[`role.${role}`];

/** @returns docs/roles.md */
export function rolesPage(): string {
  const head = ["What", ...roles.map(nameOf)];
  const rows = permissionNames.map((permission) => [
    `${en[`permission.${permission}`]} (\`${permission}\`)`,
    ...roles.map((role) => ((permissions[permission] as readonly string[]).includes(role) ? "yes" : "")),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    "# Roles",
    "",
    "What each role may do in a company. This page is made from the table that the server goes by.",
    "",
    line(head),
    line(head.map(() => "---")),
    ...rows.map(line),
    "",
    `- ${rolesWithSecondFactor.map(nameOf).join(" and ")} belong to a supplier: they see what concerns that supplier, and need a second factor (an authenticator or a passkey) before they see anything.`,
    `- An owner invites everybody; a coordinator invites ${rolesForCoordinators.map((role) => nameOf(role).toLowerCase()).join(", ")}.`,
    "- An API key acts for a member: within that member's role, the key's scopes (`read`, `write`), the permissions of this table that it was narrowed to, and what the member who made it may by now.",
    `- A key narrowed to one supplier's side sees what that supplier's people see, and only reads: ${permissionsOfSide.map((name) => `\`${name}\``).join(", ")}.`,
    "- Whoever is not a member gets the same answer for a company that exists and for one that does not.",
    "- A membership, a supplier or a person that has ended opens nothing from that moment on: sessions and keys are asked anew with every call.",
    "",
  ].join("\n");
}
