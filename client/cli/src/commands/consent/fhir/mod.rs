// SPDX-License-Identifier: Apache-2.0

//! Consents of FHIR R4 and R5: writing grants as such, and making grants of such.
//!
//! The mapping is in `docs/consent.md`. What has no counterpart is refused with the path of the
//! element, in both directions; nothing is dropped.

mod around;
mod node;
mod provision;
mod read;
mod statement;
#[cfg(test)]
mod tests;
mod write;

use super::{
	evidence::Evidence,
	grant::{granted, said},
	words::{grantee_text, scope_text, terms_facts},
	wrapping::Wrapping,
};
use crate::{
	context::{Context, Me},
	document,
	output::{facts, table},
	reading_room::{ReadingRoom, deliver},
};
use anyhow::{Context as _, anyhow, bail};
use salus_client::{
	At, Chain, calls,
	keystore::Secrets,
	types::{ListedGrant, Standing},
};
use salus_primitives::{Digest, GrantId};
use serde_json::{Value, json};
use statement::{GrantStatement, PolicyStatement, Statement, Version};
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(crate) struct Export {
	/// One grant.
	#[arg(long, value_name = "NUMBER", required_unless_present = "all")]
	grant: Option<u64>,
	/// All that you have made and that act, with your policy, as a Bundle.
	#[arg(long, conflicts_with = "grant")]
	all: bool,
	/// In which version of FHIR.
	#[arg(long, value_enum, default_value = "r4")]
	fhir: Version,
	/// A file to write it to; stdout without one.
	#[arg(long, short, value_name = "FILE")]
	output: Option<PathBuf>,
	/// Overwrite that file.
	#[arg(long, requires = "output")]
	force: bool,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Import {
	/// A Consent, or a Bundle of them, in JSON.
	file: PathBuf,
	/// Show what would be granted, and grant nothing.
	#[arg(long)]
	dry_run: bool,
}

pub(super) async fn export(context: &Context, args: Export) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let resource = match args.grant {
		Some(number) => {
			let id = GrantId(number);
			let listed = at.grant(id).await?;
			let listed = listed
				.ok_or_else(|| anyhow!("there is no grant {id}: see `salus consent list`"))?;
			write::consent(&statement_of(&listed), args.fhir)
				.with_context(|| format!("grant {id} cannot be written as a FHIR Consent"))?
		},
		None => bundle(context, &at, args.fhir).await?,
	};
	let mut text = serde_json::to_string_pretty(&resource)?;
	text.push('\n');
	deliver(text.as_bytes(), args.output.as_deref(), args.force)?;
	match args.output {
		None => Ok(()),
		Some(path) => {
			let answer = json!({ "output": path, "fhir": resource["resourceType"] });
			context.out.say(&answer, || format!("written to {}", path.display()))
		},
	}
}

async fn bundle(context: &Context, at: &At, version: Version) -> anyhow::Result<Value> {
	let patient = crate::commands::record::subject(context, at, None).await?;
	let policy = at.policy_of(patient).await?;
	let policy = PolicyStatement { subject: patient, policy: policy.policy, since: policy.since };
	let mut entries = vec![write::consent(&Statement::Policy(policy), version)?];
	for listed in at.all_grants_of(patient).await? {
		if is_active(&listed) {
			let resource = write::consent(&statement_of(&listed), version);
			entries.push(resource.with_context(|| {
				format!("grant {} cannot be written as a FHIR Consent", listed.id)
			})?);
		}
	}
	let entries: Vec<_> =
		entries.into_iter().map(|resource| json!({ "resource": resource })).collect();
	Ok(json!({ "resourceType": "Bundle", "type": "collection", "entry": entries }))
}

fn is_active(listed: &ListedGrant) -> bool {
	matches!(listed.standing, Standing::InForce | Standing::NotYet)
}

fn statement_of(listed: &ListedGrant) -> Statement {
	let grant = &listed.grant;
	Statement::Grant(Box::new(GrantStatement {
		id: Some(listed.id),
		subject: grant.subject,
		grantee: grant.grantee,
		terms: grant.terms,
		uses: grant.uses_left,
		delegable: grant.delegable,
		basis: grant.basis,
		document: grant.document,
		active: is_active(listed),
		made_at: grant.made_at,
	}))
}

pub(super) async fn import(context: &Context, args: Import) -> anyhow::Result<()> {
	let bytes = document::read(&args.file)?;
	let file: Value = serde_json::from_slice(&bytes)
		.with_context(|| format!("{} is no JSON", args.file.display()))?;
	// All of it is read before anything is done.
	let (statements, by_hash) = statements(&file, document::now())?;
	if args.dry_run {
		return say(context, &statements, &by_hash, &[]);
	}
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	for statement in &statements {
		refuse_for_import(statement, &me)?;
	}
	let digest = Evidence::of_file(context, &secrets, &args.file)?;
	let importer = Importer { context, chain: &chain, secrets: &secrets, me: &me, digest };
	let mut made = Vec::new();
	for (done, statement) in statements.iter().enumerate() {
		let answer = importer.make(statement).await.with_context(|| {
			format!("{done} of {} were made, and are in `consent list`", statements.len())
		})?;
		made.push(answer);
	}
	say(context, &statements, &by_hash, &made)
}

fn statements(file: &Value, now: u64) -> anyhow::Result<(Vec<Statement>, Vec<String>)> {
	let mut found = (Vec::new(), Vec::new());
	let mut take = |resource: &Value, place: &str| -> anyhow::Result<()> {
		let read = read::consent(resource, now)
			.map_err(|refused| anyhow!("nothing was imported: {place}{refused}"))?;
		found.0.extend(read.statements);
		found.1.extend(read.by_hash.into_iter().map(|path| format!("{place}{path}")));
		Ok(())
	};
	if file["resourceType"] != "Bundle" {
		take(file, "")?;
		return Ok(found);
	}
	let root = node::Node::of("Bundle", file, &["resourceType", "type", "entry", "id", "meta"])?;
	for (path, entry) in root.list("entry")? {
		let entry = node::Node::of(path, entry, &["resource", "fullUrl"])?;
		let resource = entry.value("resource");
		let resource = resource.ok_or_else(|| entry.refuse("resource", "it is missing"))?;
		take(resource, &format!("{}: ", entry.at("resource")))?;
	}
	if found.0.is_empty() {
		bail!("nothing was imported: the Bundle holds no Consent");
	}
	Ok(found)
}

/// What is no grant of the person who imports, or none that can be made any more.
fn refuse_for_import(statement: &Statement, me: &Me) -> anyhow::Result<()> {
	let subject = match statement {
		Statement::Grant(grant) if !grant.active => bail!(
			"nothing was imported: Consent.status: it is inactive, and only what holds is granted"
		),
		Statement::Grant(grant) => grant.subject,
		Statement::Policy(policy) => policy.subject,
	};
	if subject != me.id {
		bail!("nothing was imported: the Consent is of {subject}, and you are {}", me.id);
	}
	Ok(())
}

/// The patient, making what was read.
struct Importer<'a> {
	context: &'a Context,
	chain: &'a Chain,
	secrets: &'a Secrets,
	me: &'a Me,
	/// The hash of the whole file, which every grant made of it names.
	digest: Digest,
}

impl Importer<'_> {
	async fn make(&self, statement: &Statement) -> anyhow::Result<Value> {
		let signer = self.secrets.signer();
		let grant = match statement {
			Statement::Policy(policy) => {
				let call = calls::consent::set_policy(self.me.id, policy.policy);
				self.context.submit(self.chain, &call, &signer).await?;
				return Ok(json!({ "policy": policy.policy }));
			},
			Statement::Grant(grant) => grant,
		};
		let at = self.chain.best().await?;
		let Self { context, chain, secrets, me, .. } = *self;
		let room = ReadingRoom { context, chain, secrets, me };
		let wrapping = Wrapping { room: &room, at: &at, subject: me.id };
		let mut terms = grant.terms;
		// What lies behind cannot be granted.
		terms.window.from = terms.window.from.max(at.now().await?);
		let keys = wrapping.keys(terms.decision, &grant.grantee, &terms.scope).await?;
		let call = calls::consent::grant(
			me.id,
			grant.grantee,
			terms.decision,
			terms.scope,
			terms.purposes,
			terms.actions,
			terms.data_period,
			terms.window,
			grant.uses,
			grant.basis,
			Some(self.digest),
			grant.delegable,
			keys,
		);
		let receipt = context.submit(chain, &call, &signer).await?;
		let id = granted(&receipt, "Granted")?;
		Ok(said(id, &grant.grantee, &terms, grant.uses, grant.delegable))
	}
}

fn say(
	context: &Context,
	statements: &[Statement],
	by_hash: &[String],
	made: &[Value],
) -> anyhow::Result<()> {
	let read: Vec<_> = statements.iter().map(to_json).collect();
	let answer = json!({ "read": read, "made": made, "keptByHashOnly": by_hash });
	context.out.say(&answer, || {
		let mut parts: Vec<_> = statements.iter().map(text).collect();
		if !by_hash.is_empty() {
			let rows = by_hash.iter().map(|path| [path.clone()]).collect();
			parts.push(table(["kept by the hash of the file only"], rows, ""));
		}
		let numbers: Vec<_> =
			made.iter().filter_map(|one| one["grant"].as_u64()).map(|id| id.to_string()).collect();
		parts.push(match (made.is_empty(), numbers.is_empty()) {
			(true, _) => "nothing was granted: leave --dry-run out".into(),
			(false, true) => "the policy is set".into(),
			(false, false) => format!("made: grant {}", numbers.join(", ")),
		});
		parts.join("\n\n")
	})
}

fn to_json(statement: &Statement) -> Value {
	match statement {
		Statement::Policy(policy) => json!({ "policy": policy.policy }),
		Statement::Grant(grant) => json!({
			"grantee": grant.grantee,
			"terms": grant.terms,
			"uses": grant.uses,
			"delegable": grant.delegable,
			"basis": grant.basis,
			"formerGrant": grant.id,
		}),
	}
}

fn text(statement: &Statement) -> String {
	match statement {
		Statement::Policy(policy) => facts(&[("policy", policy.policy.to_string())]),
		Statement::Grant(grant) => {
			let mut rows = vec![("grantee", grantee_text(&grant.grantee))];
			rows.extend(terms_facts(&grant.terms));
			rows.extend(grant.uses.map(|uses| ("uses", uses.to_string())));
			if grant.delegable {
				rows.push(("may be passed on", scope_text(&grant.terms.scope)));
			}
			facts(&rows)
		},
	}
}
