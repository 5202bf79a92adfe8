// SPDX-License-Identifier: Apache-2.0

// The library behind polkadot.js apps against a running development node (SALUS_NODE_URL).

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { ApiPromise, Keyring, WsProvider } from "@polkadot/api";
import { bnToU8a, hexToU8a, stringToU8a, u8aConcat } from "@polkadot/util";
import { blake2AsU8a, ed25519PairFromRandom, ed25519Sign } from "@polkadot/util-crypto";

const OURS = ["identity", "accreditation", "vault", "records", "consent"];
const DAY = 24 * 60 * 60 * 1000;

const warnings = [];
for (const level of ["warn", "error"]) {
	const print = console[level].bind(console);
	console[level] = (...words) => {
		warnings.push(words.join(" "));
		print(...words);
	};
}

let api;
const people = {};

/** Signs, waits for the block, and answers with its events or throws the named error. */
function send(call, signer) {
	return new Promise((resolve, reject) => {
		call.signAndSend(signer, ({ status, events, dispatchError }) => {
			if (!status.isInBlock) return;
			const failed = dispatchError ?? events
				.filter(({ event }) => api.events.council.Executed.is(event))
				.map(({ event }) => event.data.result)
				.find((result) => result.isErr)?.asErr;
			if (failed?.isModule) {
				const error = api.registry.findMetaError(failed.asModule);
				reject(Object.assign(new Error(`${error.section}.${error.name}`), { docs: error.docs }));
			} else if (failed) {
				reject(new Error(failed.toString()));
			} else {
				resolve(events.map(({ event }) => event));
			}
		}).catch(reject);
	});
}

/** The only event of this kind among them. */
function the(events, kind) {
	const found = events.filter((event) => kind.is(event));
	assert.equal(found.length, 1, `events: ${events.map((event) => `${event.section}.${event.method}`)}`);
	return found[0].data;
}

function agreementKey() {
	const key = randomBytes(32);
	key[31] &= 0x3f;
	return `0x${key.toString("hex")}`;
}

const random = (length) => `0x${randomBytes(length).toString("hex")}`;
const now = async () => (await api.query.timestamp.now()).toNumber();

before(async () => {
	const provider = new WsProvider(process.env.SALUS_NODE_URL ?? "ws://127.0.0.1:9944");
	api = await ApiPromise.create({ provider, throwOnConnect: true });
	const keyring = new Keyring({ type: "sr25519", ss58Format: api.registry.chainSS58 });
	for (const name of ["Alice", "Bob", "Charlie"]) people[name] = keyring.addFromUri(`//${name}`);
});

after(async () => {
	await api?.disconnect();
});

test("connects without custom types and without a warning", () => {
	// It lists the RPC methods it has no wrapper for; those it leaves to newer clients.
	assert.deepEqual(warnings.filter((line) => !line.includes("RPC methods not decorated")), []);
	assert.equal(api.runtimeVersion.specName.toString(), "salus");
});

test("knows every transaction extension", () => {
	assert.deepEqual(api.registry.signedExtensions, [
		"CheckNonZeroSender",
		"CheckSpecVersion",
		"CheckTxVersion",
		"CheckGenesis",
		"CheckMortality",
		"CheckNonce",
		"CheckWeight",
		"ChargeTransactionPayment",
		"CheckMetadataHash",
		"WeightReclaim",
	]);
});

test("shows the chain's own unit", async () => {
	const properties = await api.rpc.system.properties();
	assert.equal(properties.ss58Format.unwrap().toNumber(), 42);
	assert.deepEqual(properties.tokenSymbol.unwrap().map(String), ["SAL"]);
	assert.deepEqual(properties.tokenDecimals.unwrap().map(Number), [12]);
	assert.equal(api.consts.system.ss58Prefix.toNumber(), 42);
});

test("finds docs on every call, event and error of ours", () => {
	for (const section of OURS) {
		for (const [kind, items] of [
			["call", api.tx[section]],
			["event", api.events[section]],
			["error", api.errors[section]],
		]) {
			const names = Object.keys(items);
			assert.ok(names.length > 0, `${section} has no ${kind}`);
			for (const name of names) {
				const docs = items[name].meta.docs.join(" ").trim();
				assert.ok(docs.length > 0, `${kind} ${section}.${name} has no docs`);
			}
		}
	}
});

test("registers an identity and decodes its event", async () => {
	for (const [name, kind] of [
		["Alice", "Organisation"],
		["Bob", "Patient"],
		["Charlie", "Organisation"],
	]) {
		const call = api.tx.identity.register(kind, random(16), agreementKey(), null, {
			Sr25519: people[name].publicKey,
		});
		const data = the(await send(call, people[name]), api.events.identity.IdentityRegistered);
		people[name].identity = data.identity.toHex();
		assert.match(people[name].identity, /^0x[0-9a-f]{64}$/);
		assert.equal(data.kind.toString(), kind);
	}
});

test("governs with one signature on a development chain, and accredits", async () => {
	const window = { from: 0, until: (await now()) + 300 * DAY };
	const kinds = 0b111_1111_1111;
	const call = api.tx.accreditation.appointRegulator(
		people.Alice.identity,
		{ kinds, jurisdictions: [756], codes: null },
		window,
	);
	const events = await send(api.tx.council.propose(1, call, call.encodedLength), people.Alice);
	assert.equal(
		the(events, api.events.accreditation.AuthorityAppointed).authority.toHex(),
		people.Alice.identity,
	);
	const from = await now();
	const grant = api.tx.accreditation.grantAccreditation(
		people.Charlie.identity,
		"DataCustodian",
		756,
		random(32),
		{ from, until: from + 100 * DAY },
		[],
		null,
	);
	const granted = the(await send(grant, people.Alice), api.events.accreditation.AccreditationGranted);
	assert.equal(granted.subject.toHex(), people.Charlie.identity);
});

test("keeps a sealed keyring that only the holder of the login key can claim", async () => {
	const login = ed25519PairFromRandom();
	const locator = blake2AsU8a(u8aConcat(stringToU8a("salus/login/1"), login.publicKey));
	const statement = u8aConcat(
		stringToU8a("salus/login-claim/1"),
		api.genesisHash.toU8a(),
		hexToU8a(people.Bob.identity),
		locator,
		bnToU8a(1, { bitLength: 32, isLe: true }),
	);
	const slot = {
		id: 0,
		kind: "Password",
		kdf: { Argon2id: { memoryKib: 65_536, passes: 3, lanes: 1 } },
		salt: random(32),
		nonce: random(24),
		wrapped: random(48),
		login: { key: login.publicKey, claim: ed25519Sign(statement, login) },
	};
	const call = api.tx.vault.setVault(1, random(32), random(512), [slot], 0);
	const data = the(await send(call, people.Bob), api.events.vault.VaultSet);
	assert.equal(data.identity.toHex(), people.Bob.identity);
	assert.equal(data.version.toNumber(), 1);
});

test("opens a compartment out of the patient's daily allowance", async () => {
	const free = async () => (await api.query.system.account(people.Bob.address)).data.free.toBigInt();
	const before = await free();
	const call = api.tx.consent.openCompartment(people.Bob.identity, 0, agreementKey(), false);
	const data = the(await send(call, people.Bob), api.events.consent.CompartmentOpened);
	assert.equal(data.subject.toHex(), people.Bob.identity);
	assert.equal(await free(), before);
});

test("files a record and decodes its event", async () => {
	const call = api.tx.records.propose(
		random(16),
		people.Bob.identity,
		null,
		"DeviceData",
		0,
		{ External: { hash: random(32) } },
		random(32),
		512,
		{ epoch: 0, wrap: random(80) },
	);
	const data = the(await send(call, people.Bob), api.events.records.RecordProposed);
	assert.equal(data.subject.toHex(), people.Bob.identity);
});

test("names the error of a failing call", async () => {
	const again = api.tx.identity.register("Patient", random(16), agreementKey(), null, {
		Sr25519: people.Bob.publicKey,
	});
	await assert.rejects(send(again, people.Bob), (error) => {
		assert.equal(error.message, "identity.AccountAlreadyBound");
		assert.ok(error.docs.join(" ").trim().length > 0);
		return true;
	});
});

test("asks the runtime about access", async () => {
	assert.ok(api.call.consentApi?.checkAccess, "the runtime API is described in the metadata");
	const decision = await api.call.consentApi.checkAccess({
		reader: people.Alice.identity,
		record: random(32),
		purpose: "Treat",
		action: "Access",
	});
	assert.deepEqual(decision.toHuman(), { Deny: "UnknownRecord" });
});
