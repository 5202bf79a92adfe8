// SPDX-License-Identifier: Apache-2.0

// A DID document as `salus did resolve` makes it, read as JSON-LD.
//
// DID 1.1 keeps the terms of DID 1.0 under their IRIs and takes in those of Multikey. npm has packages
// of these two contexts (W3C's https://www.w3.org/ns/did/v1 and https://w3id.org/security/multikey/v1)
// and none of 1.1 yet, so they stand in for it here.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import multikeyContext from "@digitalbazaar/multikey-context";
import didContext from "did-context";
import jsonld from "jsonld";

const V1_1 = "https://www.w3.org/ns/did/v1.1";
const STAND_IN = [didContext.constants.DID_CONTEXT_URL, multikeyContext.constants.CONTEXT_URL];
const SECURITY = "https://w3id.org/security#";

const contexts = new Map([...didContext.contexts, ...multikeyContext.contexts]);

/** Nothing comes from the network. */
async function documentLoader(url) {
	assert.ok(contexts.has(url), `no context is published here as ${url}`);
	return { contextUrl: null, documentUrl: url, document: contexts.get(url) };
}

async function example() {
	const file = new URL("../../client/sdk/schemas/did-document.example.json", import.meta.url);
	const document = JSON.parse(await readFile(file, "utf8"));
	assert.equal(document["@context"][0], V1_1);
	document["@context"].splice(0, 1, ...STAND_IN);
	return document;
}

/** In safe mode a term that no context defines is an error instead of being dropped. */
const expand = (document) => jsonld.expand(document, { documentLoader, safe: true });

/** Names and values below a node, however deep. */
function count(node) {
	if (Array.isArray(node)) return node.reduce((sum, item) => sum + count(item), 0);
	if (node === null || typeof node !== "object") return 1;
	return Object.values(node).reduce((sum, item) => sum + count(item), 0);
}

test("expands without dropping a term", async () => {
	const document = await example();
	const [expanded, ...others] = await expand(document);
	assert.deepEqual(others, []);
	assert.equal(expanded["@id"], document.id);
	for (const [property, iri] of [
		["verificationMethod", `${SECURITY}verificationMethod`],
		["authentication", `${SECURITY}authenticationMethod`],
		["assertionMethod", `${SECURITY}assertionMethod`],
		["keyAgreement", `${SECURITY}keyAgreementMethod`],
		["capabilityInvocation", `${SECURITY}capabilityInvocationMethod`],
		["capabilityDelegation", `${SECURITY}capabilityDelegationMethod`],
		["service", "https://www.w3.org/ns/did#service"],
	]) {
		assert.equal(expanded[iri].length, document[property].length, property);
	}
	assert.equal(Object.keys(expanded).length, Object.keys(document).length - 1);
});

test("keeps every key with its type, controller, end and value", async () => {
	const document = await example();
	const [expanded] = await expand(document);
	const methods = expanded[`${SECURITY}verificationMethod`];
	document.verificationMethod.forEach((method, index) => {
		const found = methods[index];
		assert.equal(found["@id"], method.id);
		assert.deepEqual(found["@type"], [`${SECURITY}Multikey`]);
		assert.equal(found[`${SECURITY}controller`][0]["@id"], document.id);
		const [key] = found[`${SECURITY}publicKeyMultibase`];
		assert.equal(key["@value"], method.publicKeyMultibase);
		assert.equal(key["@type"], `${SECURITY}multibase`);
		assert.equal(found[`${SECURITY}expiration`]?.[0]["@value"], method.expires);
	});
});

test("references are to keys of the document", async () => {
	const document = await example();
	const methods = new Set(document.verificationMethod.map((method) => method.id));
	const [expanded] = await expand(document);
	for (const purpose of ["authentication", "assertion", "keyAgreement", "capabilityInvocation"]) {
		const iri = `${SECURITY}${purpose === "assertion" ? "assertionMethod" : `${purpose}Method`}`;
		for (const reference of expanded[iri]) {
			assert.deepEqual(Object.keys(reference), ["@id"]);
			assert.ok(methods.has(reference["@id"]), reference["@id"]);
		}
	}
});

test("services have a type and an address", async () => {
	const document = await example();
	const [expanded] = await expand(document);
	const [service] = expanded["https://www.w3.org/ns/did#service"];
	assert.deepEqual(service["@type"], [`urn:salus:service:${document.service[0].type}`]);
	const [endpoint] = service["https://www.w3.org/ns/did#serviceEndpoint"];
	assert.equal(endpoint["@id"], document.service[0].serviceEndpoint);
});

test("says as much after compaction as before", async () => {
	const document = await example();
	const expanded = await expand(document);
	const again = await jsonld.compact(expanded, document["@context"], { documentLoader, safe: true });
	assert.equal(count(again), count(document));
});

test("a term of nobody's is told, not dropped", async () => {
	const document = await example();
	document["@context"] = STAND_IN;
	document.service = [];
	assert.ok(await expand(document));
	document.legalName = "Ana Example";
	await assert.rejects(expand(document), /safe mode|dropping/i);
});
