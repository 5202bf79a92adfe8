// SPDX-License-Identifier: Apache-2.0

//! The one door: a key share leaves only through [`Custodian::release`].

use crate::{
	Custodian, Error,
	auth::Caller,
	chain::{At, GrantFacts, Outcome, RecordFacts},
	error::Result,
	log::Urgency,
	shares::Place,
};
use salus_client::wire::{self, AuditEntry, Release, ReleaseRequest, Released};
use salus_primitives::{
	AccessDecision, AccessQuestion, Action, DenyReason, Digest, IdentityId, PermitBasis, Purpose,
};
use std::time::{Duration, Instant};

/// How long a counted use may take to be final on chain.
const USE_PATIENCE: Duration = Duration::from_secs(60);

impl Custodian {
	/// Releases the share of one version to a reader, if the chain permits it at the final block
	/// and at the newest one: a grant acts from finality, a revocation from inclusion.
	///
	/// The entry in the log is durable before anything is answered, denial or share. A use that is
	/// counted has to be counted on chain, finally, before the share goes out; one in an emergency has
	/// to be in a block.
	pub(crate) async fn release(
		&self,
		caller: &Caller,
		place: Place<'_>,
		request: &ReleaseRequest,
	) -> Result<Release> {
		let question = AccessQuestion {
			reader: caller.identity,
			record: *place.record,
			purpose: request.purpose,
			action: request.action,
		};
		let (is_erased, (), decision, filed) = tokio::try_join!(
			self.is_erased(place.record),
			self.door.ensure_fresh(caller.finalised, self.settings.max_finality_age),
			self.decide(&question, caller),
			self.filed(&question, caller),
		)?;
		if is_erased {
			// The chain keeps no log for a record that is none any more.
			return Err(Error::ShareErased);
		}
		let grant = self.grant_behind(&decision, caller).await?;
		let by = self.decided_by(&decision, filed.as_ref(), grant.as_ref(), caller).await?;
		let organisations = caller.accounting(by);
		let entry = |suppressed, counted| AuditEntry {
			recorder: String::new(),
			seq: 0,
			at: wire::now(),
			subject: filed.map(|filed| filed.subject),
			organisations: organisations.clone(),
			question,
			version: place.version,
			decision,
			released: Released::CustodianShare,
			counted,
			account: Digest(caller.account),
			request: Digest(caller.request),
			suppressed,
			salt: wire::fresh_nonce(),
			batch: None,
		};
		let basis = match decision {
			AccessDecision::Permit(basis) => basis,
			AccessDecision::Deny(_) => {
				let suppressed = self.denials.take(caller.identity, Instant::now());
				let suppressed = suppressed.map_err(|after| {
					self.metrics.suppressed.inc();
					Error::TooManyDenials(after)
				})?;
				self.log.append(entry(suppressed, false), Urgency::Now).await?;
				self.metrics.denials.inc();
				return Err(Error::Denied(decision));
			},
		};

		// All that can fail by the reader's side is looked at before a permit is recorded.
		ensure_fits(&basis, &question)?;
		let ((), key, (share, row)) = tokio::try_join!(
			self.ensure_shown(place, caller),
			self.door.key_of(caller, request.key_version),
			self.shares.open(place),
		)?;
		// A grant that is not found is taken for one that counts.
		let rests_on_grant = matches!(basis, PermitBasis::Grant(_));
		let counted = rests_on_grant && grant.is_none_or(|grant| grant.is_counted);
		self.note_anchored(place, &row, caller.finalised).await?;
		let sealed = self
			.peer()
			.seal_release(&caller.request, &share, &key)
			.map_err(|_| Error::NoAgreementKey)?;

		let urgency = match basis {
			_ if counted => Urgency::Final,
			// Its notice to the patient is in a block before the share leaves, if not yet final.
			PermitBasis::Emergency(_) => Urgency::Included,
			_ => Urgency::Batch,
		};
		let written = self.log.append(entry(0, counted), urgency).await?;
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
			part: row.part,
			key_version: request.key_version,
			decision,
			seq: written.seq,
			event: written.event,
		})
	}

	/// Whether both ends of the chain show the version, and it was not withdrawn: a share stays with
	/// what was filed, and what was taken back is nobody's to read.
	async fn ensure_shown(&self, place: Place<'_>, caller: &Caller) -> Result<()> {
		let (finalised, best) = tokio::try_join!(
			self.chain.version(place.record, place.version, caller.finalised),
			self.chain.version(place.record, place.version, caller.best),
		)?;
		let is_shown = [finalised, best].iter().all(|facts| facts.is_some_and(|f| !f.is_given_up));
		if is_shown { Ok(()) } else { Err(Error::VersionUnknown) }
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
		let grant = match decision {
			AccessDecision::Permit(PermitBasis::Grant(grant)) => Some(grant),
			_ => None,
		};
		match self.chain.check_access(question, best).await? {
			AccessDecision::Permit(_) => Ok(()),
			denied @ AccessDecision::Deny(DenyReason::NoGrant | DenyReason::BreakGlass(None)) => {
				let Some(grant) = grant else { return Err(Error::Denied(denied)) };
				let is_over =
					self.chain.grant(grant, best).await?.is_none_or(|facts| facts.is_over);
				if is_over { Err(Error::Denied(denied)) } else { Ok(()) }
			},
			denied @ AccessDecision::Deny(_) => Err(Error::Denied(denied)),
		}
	}

	/// The record, as the final block shows it.
	async fn filed(
		&self,
		question: &AccessQuestion,
		caller: &Caller,
	) -> Result<Option<RecordFacts>> {
		Ok(self.chain.record(&question.record, caller.finalised).await?)
	}

	/// The grant that a decision rests on, for or against.
	async fn grant_behind(
		&self,
		decision: &AccessDecision,
		caller: &Caller,
	) -> Result<Option<GrantFacts>> {
		match decision {
			AccessDecision::Permit(PermitBasis::Grant(grant))
			| AccessDecision::Deny(DenyReason::Grant(grant)) => {
				Ok(self.chain.grant(*grant, caller.best).await?)
			},
			_ => Ok(None),
		}
	}

	/// The organisation by which an access was decided: the one that a grant speaks to, that the
	/// record was filed for, or that somebody broke the glass for. None where there is none.
	async fn decided_by(
		&self,
		decision: &AccessDecision,
		filed: Option<&RecordFacts>,
		grant: Option<&GrantFacts>,
		caller: &Caller,
	) -> Result<Option<IdentityId>> {
		Ok(match decision {
			AccessDecision::Permit(PermitBasis::Author) => {
				filed.and_then(|filed| filed.organisation)
			},
			AccessDecision::Permit(PermitBasis::Emergency(id)) => {
				let found = self.chain.emergency(*id, caller.best).await?;
				found.map(|emergency| emergency.organisation)
			},
			_ => grant.and_then(|grant| grant.organisation),
		})
	}
}

/// An emergency is for its own purpose, and for nothing but access. The chain decides so; a node that
/// says otherwise is not believed.
fn ensure_fits(basis: &PermitBasis, question: &AccessQuestion) -> Result<()> {
	let is_emergency = matches!(basis, PermitBasis::Emergency(_));
	let is_asked = question.purpose == Purpose::Btg && question.action == Action::Access;
	if is_emergency && !is_asked { Err(Error::NotEmergencyPurpose) } else { Ok(()) }
}
