// SPDX-License-Identifier: Apache-2.0

//! The one door: a key share leaves only through [`Custodian::release`].

use crate::{
	Custodian, Error,
	auth::Caller,
	chain::{At, Block, Outcome},
	error::Result,
	log::Urgency,
	shares::Place,
};
use salus_client::wire::{self, AuditEntry, Release, ReleaseRequest};
use salus_envelope::AgreementPublic;
use salus_primitives::{
	AccessDecision, AccessQuestion, DenyReason, Digest, IdentityId, KeyVersion, PermitBasis,
};
use std::time::{Duration, Instant};

/// How long a counted use may take to be final on chain.
const USE_PATIENCE: Duration = Duration::from_secs(60);

impl Custodian {
	/// Releases the share of one version to a reader, if the chain permits it at the final block
	/// and at the newest one: a grant acts from finality, a revocation from inclusion.
	///
	/// The entry in the log is durable before anything is answered, denial or share. A use that is
	/// counted has to be counted on chain, finally, before the share goes out.
	pub(crate) async fn release(
		&self,
		caller: &Caller,
		place: Place<'_>,
		request: &ReleaseRequest,
	) -> Result<Release> {
		self.ensure_fresh(caller.finalised).await?;
		if self.is_erased(place.record).await? {
			// The chain keeps no log for a record that is none any more.
			return Err(Error::ShareErased);
		}
		let question = AccessQuestion {
			reader: caller.identity,
			record: *place.record,
			purpose: request.purpose,
			action: request.action,
		};
		let decision = self.decide(&question, caller).await?;
		let subject = self.subject_of(&question, caller).await?;
		let entry = |suppressed| AuditEntry {
			recorder: String::new(),
			seq: 0,
			at: wire::now(),
			subject,
			question,
			version: place.version,
			decision,
			account: Digest(caller.account),
			request: Digest(caller.request),
			suppressed,
			salt: wire::fresh_nonce(),
		};
		let basis = match decision {
			AccessDecision::Permit(basis) => basis,
			AccessDecision::Deny(_) => {
				let suppressed = self.denials.take(caller.identity, Instant::now());
				let suppressed = suppressed.map_err(|after| {
					self.metrics.suppressed.inc();
					Error::TooManyDenials(after)
				})?;
				self.log.append(entry(suppressed), Urgency::Now).await?;
				self.metrics.denials.inc();
				return Err(Error::Denied(decision));
			},
		};

		// All that can fail by the reader's side is looked at before a permit is recorded.
		let key = self.key_of(&caller.identity, request.key_version, caller).await?;
		let (share, row) = self.shares.open(place).await?;
		self.note_anchored(place, &row, caller.finalised).await?;
		let sealed = self
			.peer()
			.seal_release(&caller.request, &share, &key)
			.map_err(|_| Error::NoAgreementKey)?;

		let urgency =
			if self.is_counted(&basis, caller).await? { Urgency::Awaited } else { Urgency::Batch };
		let written = self.log.append(entry(0), urgency).await?;
		if let Some(outcome) = written.outcome {
			match tokio::time::timeout(USE_PATIENCE, outcome).await {
				Ok(Ok(Outcome::Logged)) => (),
				Ok(Ok(Outcome::Refused(reason))) => return Err(Error::UseRefused(reason)),
				Ok(Err(_)) => return Err(Error::ShuttingDown),
				Err(_) => return Err(Error::LogTimeout),
			}
			// The wait was long enough for a revocation.
			self.ensure_still_permitted(&question, decision).await?;
		}
		self.metrics.permits.inc();
		Ok(Release {
			record: *place.record,
			version: place.version,
			share: sealed,
			key_version: request.key_version,
			decision,
			seq: written.seq,
			event: written.event,
		})
	}

	/// How old a block is by this machine's clock.
	pub(crate) async fn age(&self, block: Block) -> Result<Duration> {
		let made = self.chain.timestamp(block).await?;
		Ok(Duration::from_millis(wire::now().saturating_sub(made)))
	}

	async fn ensure_fresh(&self, finalised: Block) -> Result<()> {
		let (age, limit) = (self.age(finalised).await?, self.settings.max_finality_age);
		if age > limit { Err(Error::StaleFinality { age, limit }) } else { Ok(()) }
	}

	/// The stricter of the answers at both ends; of two permits the newer.
	async fn decide(&self, question: &AccessQuestion, caller: &Caller) -> Result<AccessDecision> {
		let (finalised, best) = tokio::try_join!(
			self.chain.check_access(question, caller.finalised),
			self.chain.check_access(question, caller.best),
		)?;
		Ok(if finalised.is_permit() { best } else { finalised })
	}

	/// A use that was counted while the patient took the permit back is spent, but opens nothing.
	/// That no use is left now is no such thing: this one was the last.
	async fn ensure_still_permitted(
		&self,
		question: &AccessQuestion,
		decision: AccessDecision,
	) -> Result<()> {
		let best = self.chain.head(At::Best).await?;
		let AccessDecision::Permit(PermitBasis::Grant(grant)) = decision else { return Ok(()) };
		match self.chain.check_access(question, best).await? {
			AccessDecision::Permit(_) => Ok(()),
			denied @ AccessDecision::Deny(DenyReason::NoGrant) => {
				let is_over =
					self.chain.grant(grant, best).await?.is_none_or(|facts| facts.is_over);
				if is_over { Err(Error::Denied(denied)) } else { Ok(()) }
			},
			denied @ AccessDecision::Deny(_) => Err(Error::Denied(denied)),
		}
	}

	async fn subject_of(
		&self,
		question: &AccessQuestion,
		caller: &Caller,
	) -> Result<Option<IdentityId>> {
		let facts = self.chain.record(&question.record, caller.finalised).await?;
		Ok(facts.map(|facts| facts.subject))
	}

	async fn is_counted(&self, basis: &PermitBasis, caller: &Caller) -> Result<bool> {
		match basis {
			PermitBasis::Grant(grant) => {
				let facts = self.chain.grant(*grant, caller.best).await?;
				Ok(facts.is_none_or(|facts| facts.is_counted))
			},
			PermitBasis::Subject | PermitBasis::Author => Ok(false),
		}
	}

	/// The reader's key, which both ends of the chain have to show as the one in force: nothing is
	/// sealed to a key that was just given up, nor to one that may yet vanish.
	async fn key_of(
		&self,
		reader: &IdentityId,
		version: KeyVersion,
		caller: &Caller,
	) -> Result<AgreementPublic> {
		let (finalised, best) = tokio::try_join!(
			self.chain.agreement_key(reader, caller.finalised),
			self.chain.agreement_key(reader, caller.best),
		)?;
		let (in_force, key) = best.ok_or(Error::NoAgreementKey)?;
		if in_force != version || finalised != best {
			return Err(Error::OtherKeyVersion(in_force));
		}
		AgreementPublic::from_bytes(key).map_err(|_| Error::NoAgreementKey)
	}
}
