// SPDX-License-Identifier: Apache-2.0

//! Opening a record under an emergency: the reader share comes from the holder of the patient's
//! emergency key, record by record; the compartment's secret stays there.

use super::{ReadingRoom, look_up};
use anyhow::{anyhow, bail};
use salus_client::{
	At,
	custodian::{Custodian, CustodianError},
	types::{EmergencyStanding, EmergencyView, RecordView, Service, VersionView},
	wire::EmergencyRequest,
};
use salus_envelope::{PublicKey, ReaderShare};
use salus_primitives::{CompartmentNo, EmergencyId, IdentityId, RecordId};

/// The name of the service that hands out reader shares in emergencies.
const SERVICE: &[u8] = b"emergency-keys";

impl ReadingRoom<'_> {
	/// Refuses unless an emergency of this reader is open and reaches the record.
	pub(crate) async fn expect_emergency(
		&self,
		record: RecordId,
		number: EmergencyId,
	) -> anyhow::Result<()> {
		let at = self.chain.best().await?;
		let (view, _) = look_up(&at, record, None).await?;
		let open = self.emergency_for(&at, &view).await?;
		if open.id != number {
			bail!("the emergency that reaches this record is {}: name that one", open.id);
		}
		Ok(())
	}

	/// `K_r` of a version, from the holder of the emergency key of its compartment.
	pub(super) async fn emergency_share(
		&self,
		at: &At,
		view: &RecordView,
		version: &VersionView,
	) -> anyhow::Result<ReaderShare> {
		let emergency = self.emergency_for(at, view).await?.id;
		let key = at.emergency_key(view.subject, view.compartment).await?;
		let key = key.ok_or_else(|| {
			anyhow!(
				"nobody holds an emergency key for compartment {}: the patient did not want it, or \
				 rotated it away; without a grant nobody opens it",
				view.compartment
			)
		})?;
		let holder = self.holder(at, key.holder).await?;
		let request = EmergencyRequest {
			record: view.id,
			version: version.number,
			key_version: self.me.view.agreement.version,
		};
		let mine = self.secrets.agreement(request.key_version);
		let signer = self.secrets.signer();
		let answer = holder.request_emergency_share(&signer, emergency, &request, &mine).await;
		let (share, _) = answer.map_err(|error| refused(error, key.holder))?;
		Ok(share)
	}

	/// The holder's service: the one that was named, or the one on its list. It has to be the holder
	/// itself, by the key that the chain shows.
	async fn holder(&self, at: &At, id: IdentityId) -> anyhow::Result<Custodian> {
		let url = match self.context.emergency_keys() {
			Some(url) => url.to_owned(),
			None => listed(&at.services(id).await?).ok_or_else(|| {
				anyhow!(
					"{id} holds the emergency key and lists no service `emergency-keys`: ask it for \
					 its address, and give it with --emergency-keys"
				)
			})?,
		};
		let service = Custodian::connect(&url, self.chain.genesis()).await?;
		if service.identity() != id {
			bail!(
				"the service at {url} is of {}, and {id} holds the emergency key: name its service \
				 with --emergency-keys",
				service.identity()
			);
		}
		let known = at.identity(id).await?;
		if known.is_none_or(|known| known.agreement.key != *service.key().as_bytes()) {
			return Err(service.key_complaint().into());
		}
		Ok(service)
	}

	/// The open emergency of this reader that reaches a record.
	async fn emergency_for(&self, at: &At, view: &RecordView) -> anyhow::Result<EmergencyView> {
		let row = at.compartment(view.subject, view.compartment).await?;
		let restricted = row.is_some_and(|row| row.restricted);
		let mut mine = at.all_emergencies_of(view.subject).await?;
		mine.retain(|one| {
			one.emergency.claimant == self.me.id && one.standing == EmergencyStanding::Open
		});
		let reaching = mine
			.iter()
			.find(|one| reaches(one.emergency.compartment, view.compartment, restricted));
		match (reaching, mine.first()) {
			(Some(emergency), _) => Ok(*emergency),
			(None, Some(other)) => bail!(
				"emergency {} does not reach compartment {}: close it, and break the glass with \
				 --compartment {}",
				other.id,
				view.compartment,
				view.compartment
			),
			(None, None) => bail!(
				"no emergency of yours is open for this patient: break the glass first, with `salus \
				 consent break-glass`"
			),
		}
	}
}

/// One of all compartments stops at what is restricted.
fn reaches(named: Option<CompartmentNo>, compartment: CompartmentNo, restricted: bool) -> bool {
	named.map_or(!restricted, |named| named == compartment)
}

fn listed(services: &[Service]) -> Option<String> {
	let service = services.iter().find(|service| service.id == SERVICE)?;
	String::from_utf8(service.url.clone()).ok()
}

fn refused(error: CustodianError, holder: IdentityId) -> anyhow::Error {
	match error {
		CustodianError::Unreachable { url, reason } => anyhow!(
			"the holder of the emergency key, {holder}, does not answer at {url}: call it, or name \
			 another address with --emergency-keys ({reason})"
		),
		error => anyhow!("the holder of the emergency key, {holder}: {error}"),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn an_emergency_of_all_compartments_stops_at_what_is_restricted() {
		assert!(reaches(None, 3, false));
		assert!(!reaches(None, 3, true));
		assert!(reaches(Some(3), 3, true));
		assert!(!reaches(Some(4), 3, false));
	}

	#[test]
	fn the_service_is_found_by_its_name() {
		let service = |id: &[u8], url: &str| Service {
			id: id.to_vec(),
			kind: b"EmergencyKeys".to_vec(),
			url: url.as_bytes().to_vec(),
		};
		let services = [service(b"other", "https://a"), service(SERVICE, "https://b")];
		assert_eq!(listed(&services).as_deref(), Some("https://b"));
		assert_eq!(listed(&services[..1]), None);
	}
}
