/** Statuses of the features' error codes, where it is neither 409 nor what the code's own words say. */
const statuses: Readonly<Record<string, number>> = {
  wrong_credentials: 401,
  wrong_code: 422,
  authenticator_unreadable: 503,
  wrong_passkey: 401,
  wrong_password: 422,
  invalid_step: 401,
  second_factor_required: 403,
  confirmation_required: 403,
  invitation_for_another: 403,
  member_not_found: 404,
  attachment_damaged: 500,
  attachment_missing: 500,
  company_storage_full: 507,
  spreadsheet_too_big: 413,
  not_a_spreadsheet: 422,
  happened_before_reported: 422,
  instant_out_of_range: 422,
};

export function statusOfCode(code: string): number | undefined {
  if (Object.hasOwn(statuses, code)) return statuses[code];
  return code.startsWith("spreadsheet_") ? 422 : undefined;
}
