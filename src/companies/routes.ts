import type { Mount } from "../platform/http-routes.ts";
import {
  addCategories,
  addHolidays,
  addPerson,
  addSupplier,
  changeCategory,
  changeCompany,
  changePerson,
  changeSupplier,
  getCompany,
  getSettings,
  listCategories,
  listPeople,
  listSuppliers,
  orderCategories,
  removeHoliday,
  setHours,
  setTargets,
} from "./companies.ts";
import * as contract from "./contract.ts";
import * as categories from "./contract-categories.ts";

/** Mounts the routes of the company, its settings, suppliers and people. */
export function companyRoutes(mount: Mount): void {
  mount(contract.getCompany, (ctx) => getCompany(ctx));
  mount(contract.changeCompany, (ctx, { body }) => changeCompany(ctx, body));

  mount(contract.getSettings, (ctx) => getSettings(ctx));
  mount(contract.setHours, (ctx, { body }) => setHours(ctx, body));
  mount(contract.addHolidays, (ctx, { body }) => addHolidays(ctx, body));
  mount(contract.removeHoliday, (ctx, { params }) => removeHoliday(ctx, { id: params.holiday }));
  mount(contract.setTargets, (ctx, { body }) => setTargets(ctx, body));

  mount(categories.listCategories, async (ctx) => ({ items: await listCategories(ctx) }));
  mount(categories.addCategories, async (ctx, { body }) => ({ items: await addCategories(ctx, body) }));
  mount(categories.changeCategory, async (ctx, { params, body }) => ({
    items: await changeCategory(ctx, { ...body, id: params.category }),
  }));
  mount(categories.orderCategories, async (ctx, { body }) => ({ items: await orderCategories(ctx, body) }));

  mount(contract.listSuppliers, async (ctx) => ({ items: await listSuppliers(ctx) }));
  mount(contract.addSupplier, (ctx, { body }) => addSupplier(ctx, body));
  mount(contract.changeSupplier, (ctx, { params, body }) => changeSupplier(ctx, { ...body, id: params.supplier }));

  mount(contract.listPeople, (ctx, { query }) => listPeople(ctx, query));
  mount(contract.addPerson, (ctx, { body }) => addPerson(ctx, body));
  mount(contract.changePerson, (ctx, { params, body }) => changePerson(ctx, { ...body, id: params.person }));
}
