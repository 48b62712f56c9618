import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { sql } from "kysely";
import { testPlatform } from "../../test/harness.ts";
import { isPerhapsCommitted, openDatabase } from "./postgres.ts";

/** A connection that is lost at the worst moment: between us and a real PostgreSQL stands somebody who cuts it. */

const platform = await testPlatform();
await platform.asSuperuser("create table kept (n int); grant all on kept to openbook_app");
const real = new URL(platform.appUrl);
const [host, port] = [real.searchParams.get("host") ?? real.hostname, real.searchParams.get("port") ?? real.port];
const place = host.startsWith("/") ? { path: join(host, `.s.PGSQL.${port}`) } : { host, port: Number(port) };
const sides = new Set<Socket>();
const between = createServer((client) => {
  const server = connect(place);
  for (const side of [client, server]) sides.add(side.on("error", () => {}));
  let cut = "";
  client.on("data", (bytes: Buffer) => {
    cut ||= /commit|cut at once/.exec(bytes.toString("latin1"))?.[0] ?? "";
    if (cut === "cut at once") client.destroy();
    else server.write(bytes);
  });
  server.on("data", (bytes: Buffer) => (cut === "commit" ? client.destroy() : client.write(bytes)));
});
between.listen(0, "127.0.0.1");
await once(between, "listening");
const database = openDatabase({
  url: Object.assign(new URL(real), { search: "", host: `127.0.0.1:${(between.address() as AddressInfo).port}` }).href,
  size: 2,
  log: platform.log,
});
after(async () => {
  await database.close();
  for (const side of sides) side.destroy();
  between.close();
});

const failing = (work: ReturnType<typeof sql>) =>
  database
    .transaction("begin", (tx) => work.execute(tx))
    .then(
      () => assert.fail("the connection was not cut"),
      (error: { code: string }) => [error.code, isPerhapsCommitted(error)],
    );

test("a connection lost during the commit: said to be perhaps committed, for it was", async () => {
  assert.deepEqual(await failing(sql`insert into kept values (1)`), ["database_unavailable", true]);
  assert.deepEqual(await platform.asSuperuser("select n from kept"), [{ n: 1 }]);
});

test("a connection lost before: nothing was committed", async () => {
  assert.deepEqual(await failing(sql`insert into kept values (2) -- cut at once`), ["database_unavailable", false]);
  assert.deepEqual(await platform.asSuperuser("select n from kept where n = 2"), []);
});
