// Reads objects of KEDA and CloudNativePG as a JSON list, and prints what their schemas refuse, one line each.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const load = (path) => import(pathToFileURL(`${process.argv[2]}/@kubernetes-models/${path}/index.js`));
const keda = await load("keda/keda.sh/v1alpha1");
const postgresql = await load("cloudnative-pg/postgresql.cnpg.io/v1");
const kinds = { ...keda, Cluster: postgresql.Cluster };
for (const one of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    new kinds[one.kind](one).validate();
  } catch (error) {
    console.log(`${one.kind} ${one.metadata.name}: ${error.message}`);
  }
}
