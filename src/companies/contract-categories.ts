import { z } from "zod";
import { CompanyPath, Id, Instant, route } from "../contract.ts";

/** Characters of a category: as many as a request keeps of one. */
export const maxCategory = 100;
/** As many as anybody can choose from, and then some. */
export const maxCategories = 200;

export const Category = z
  .object({ id: Id, name: z.string(), endedAt: Instant.nullable().meta({ description: "No longer offered since" }) })
  .meta({ id: "Category" });
export type Category = z.infer<typeof Category>;

const Categories = z.object({ items: z.array(Category) }).meta({ id: "Categories" });
const CategoryName = z.string().trim().min(1).max(maxCategory);
const CategoryPath = CompanyPath.extend({ category: Id });

export const listCategories = route({
  id: "listCategories",
  method: "get",
  path: "/companies/{company}/categories",
  summary: "The company's own categories in its order, those that are no longer offered too",
  tag: "companies",
  permission: "company.read",
  params: CompanyPath,
  reply: Categories,
});

export const addCategories = route({
  id: "addCategories",
  method: "post",
  path: "/companies/{company}/categories",
  summary: "Add categories at the end of the list; one that is there already is offered again",
  tag: "companies",
  permission: "company.manage",
  params: CompanyPath,
  body: z.object({ names: z.array(CategoryName).min(1).max(maxCategories) }).meta({ id: "AddCategories" }),
  reply: Categories,
  status: 201,
  idempotent: true,
});

export const changeCategory = route({
  id: "changeCategory",
  method: "patch",
  path: "/companies/{company}/categories/{category}",
  summary: "Call a category otherwise, or no longer offer it; requests keep the word they have",
  tag: "companies",
  permission: "company.manage",
  params: CategoryPath,
  body: z.object({ name: CategoryName, ended: z.boolean() }).partial().meta({ id: "ChangeCategory" }),
  reply: Categories,
});

export const orderCategories = route({
  id: "orderCategories",
  method: "put",
  path: "/companies/{company}/category-order",
  summary: "Set the order of the categories; those that are not named follow as they were",
  tag: "companies",
  permission: "company.manage",
  params: CompanyPath,
  body: z.object({ ids: z.array(Id).max(maxCategories) }).meta({ id: "OrderCategories" }),
  reply: Categories,
});
