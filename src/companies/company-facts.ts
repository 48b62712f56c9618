import { AppError } from "../errors.ts";
import { businessClock } from "./business-time.ts";
import { checkSettings } from "./settings.ts";

export interface CompanyFacts {
  timeZone?: string | undefined;
  currency?: string | undefined;
  locale?: string | undefined;
}

/** The facts as they are kept: zone and locale in their canonical spelling. */
export function checkedFacts({ timeZone, currency, locale }: CompanyFacts): CompanyFacts {
  if (timeZone !== undefined) checkSettings({ timeZone });
  const fields: Record<string, string> = {};
  if (currency !== undefined && !Intl.supportedValuesOf("currency").includes(currency)) {
    fields["currency"] = "Not a currency of ISO 4217, such as EUR.";
  }
  const canonical = locale === undefined ? undefined : canonicalLocale(locale);
  if (locale !== undefined && !canonical) fields["locale"] = "Not a language tag, such as en-GB.";
  if (Object.keys(fields).length > 0) {
    throw new AppError("invalid_input", "The company cannot be kept like this. Nothing was changed.", fields);
  }
  return { timeZone: timeZone && canonicalZone(timeZone), currency, locale: canonical };
}

function canonicalZone(timeZone: string): string {
  return businessClock({ timeZone, hours: [], holidays: [] }).timeZone;
}

function canonicalLocale(locale: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(locale)[0];
  } catch {
    return undefined;
  }
}
