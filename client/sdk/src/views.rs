// SPDX-License-Identifier: Apache-2.0

//! Questions to the chain at one block: the pallets' view functions and the consent API.
//!
//! A test compares arguments and answer of every one with the committed metadata.

use crate::{At, Error, submit::committed_metadata, types::*};
use codec::{Decode, DecodeAll, Encode};
use salus_primitives::*;
use subxt::{ext::scale_decode, storage, utils::AccountId32};

/// How many items are asked for at a time. No pallet's largest page is smaller.
const PAGE: u32 = 50;

macro_rules! views {
	($(
		$(#[$doc:meta])*
		$pallet:literal $function:literal $name:ident($($argument:ident: $type:ty),*) -> $answer:ty;
	)*) => {
		impl At {
			$(
				$(#[$doc])*
				pub async fn $name(&self, $($argument: $type),*) -> Result<$answer, Error> {
					self.view($pallet, $function, &($($argument,)*)).await
				}
			)*
		}

		/// Names, argument types and answers of every view function above.
		#[cfg(test)]
		pub(super) fn signatures() -> Vec<(crate::shape::Signature, scale_info::MetaType)> {
			vec![$((
				crate::shape::Signature {
					pallet: $pallet,
					name: $function,
					arguments: vec![
						$((stringify!($argument), scale_info::meta_type::<$type>())),*
					],
				},
				scale_info::meta_type::<$answer>(),
			)),*]
		}
	};
}

mod batch;
mod consent;
mod emergencies;
mod records;
mod room;
mod supply;

views! {
	/// What the chain knows of an identity.
	"Identity" "identity" identity(id: IdentityId) -> Option<IdentityView>;
	/// The identity that an account serves.
	"Identity" "identity_of" identity_of(account: [u8; 32]) -> Option<IdentityId>;
	/// A version of an agreement key, current or retired.
	"Identity" "agreement_key" agreement_key(id: IdentityId, version: KeyVersion) -> Option<AgreementKeyView>;
	/// The agreement keys of an identity, from a version on.
	"Identity" "agreement_keys" agreement_keys(id: IdentityId, from: KeyVersion, limit: u32) -> Result<AgreementKeyPage, ListError>;
	/// The identity in whose name an account may sign what belongs to a scope, now.
	"Identity" "acting_identity" acting_identity(account: [u8; 32], scope: CallScope) -> Option<IdentityId>;
	/// A signing key, ended or not.
	"Identity" "key" key(id: IdentityId, key: KeyId) -> Option<KeyView>;
	/// The signing keys of an identity, from a number on, ended ones included.
	"Identity" "keys" keys(id: IdentityId, from: KeyId, limit: u32) -> Result<KeyPage, ListError>;
	/// Whether what an account signed for a purpose at a moment counts, by what is known today.
	"Identity" "was_valid" was_valid(account: [u8; 32], purpose: KeyPurpose, at: Moment) -> bool;
	/// The services of an identity.
	"Identity" "services" services(id: IdentityId) -> Vec<Service>;
	/// The facts of a DID document, at a version or now.
	"Identity" "resolve" resolve(id: IdentityId, version: Option<DocVersion>) -> Result<DidFacts, ResolveError>;
	/// What an identity can still spend on fees today.
	"Identity" "allowance_left" allowance_left(id: IdentityId) -> u128;
	/// How many identities a sponsor can still register today.
	"Identity" "sponsor_quota_left" sponsor_quota_left(id: IdentityId) -> u32;

	/// What the chain knows of an authority.
	"Accreditation" "authority" authority(id: IdentityId) -> Option<Authority>;
	/// What the chain knows of an accreditation.
	"Accreditation" "accreditation" accreditation(id: AccreditationId) -> Option<AccreditationView>;
	/// The accreditations of a subject, ended ones included.
	"Accreditation" "accreditations_of" accreditations_of(subject: IdentityId) -> Vec<AccreditationView>;
	/// Whether a subject held an accreditation in force at a moment.
	"Accreditation" "is_accredited" is_accredited(subject: IdentityId, kind: AccreditationKind, at: Moment) -> bool;
	/// The same, in a country and for a code when they are named.
	"Accreditation" "is_accredited_for" is_accredited_for(subject: IdentityId, kind: AccreditationKind, jurisdiction: Option<Jurisdiction>, code: Option<ScopeCode>, at: Moment) -> bool;
	/// How an accreditation stood, stands or will stand at a moment.
	"Accreditation" "explain_accreditation" explain_accreditation(id: AccreditationId, at: Moment) -> AccreditationStanding;
	/// What happened to an accreditation.
	"Accreditation" "status_log" status_log(id: AccreditationId) -> Option<Vec<StatusChange>>;
	/// What a subject asks an authority for.
	"Accreditation" "request" request(issuer: IdentityId, subject: IdentityId, kind: AccreditationKind) -> Option<RequestView>;
	/// A status list of an authority.
	"Accreditation" "status_list" status_list(authority: IdentityId, list: u32) -> Option<StatusListView>;
	/// As what a practitioner worked at an organisation at a moment.
	"Accreditation" "role_at" role_at(practitioner: IdentityId, organisation: IdentityId, at: Moment) -> Vec<Role>;
	/// What the chain knows of an invitation or affiliation.
	"Accreditation" "affiliation" affiliation(id: AffiliationId) -> Option<AffiliationView>;
	/// The affiliations that a practitioner accepted, those that are over included.
	"Accreditation" "affiliations_of" affiliations_of(practitioner: IdentityId) -> Vec<AffiliationView>;

	/// The vault of an identity.
	"Vault" "vault" vault(id: IdentityId) -> Option<VaultView>;
	/// The slots of an identity's vault.
	"Vault" "slots" vault_slots(id: IdentityId) -> Vec<SlotView>;
	/// The version of an identity's vault, also when it was cleared; 0 when there was none.
	"Vault" "version" vault_version(id: IdentityId) -> VaultVersion;
	/// Whose vault a login finds, and by which slot.
	"Vault" "locate" locate(locator: LoginLocator) -> Option<(IdentityId, SlotId)>;
	/// What a login opens.
	"Vault" "find" find_vault(locator: LoginLocator) -> Option<FoundVault>;
}

impl At {
	/// The time of the block, in milliseconds.
	pub async fn now(&self) -> Result<Moment, Error> {
		let address = storage::dynamic::<(), Moment>("Timestamp", "Now");
		let found = self.block.storage().try_fetch(address, ()).await;
		let found = found.map_err(|error| self.error(error))?;
		found.map_or(Ok(0), |value| value.decode().map_err(|error| self.error(error)))
	}

	/// What an account can spend, in the smallest unit of the token.
	pub async fn free_balance(&self, account: [u8; 32]) -> Result<u128, Error> {
		#[derive(scale_decode::DecodeAsType)]
		#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
		struct Account {
			data: Funds,
		}

		#[derive(scale_decode::DecodeAsType)]
		#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
		struct Funds {
			free: u128,
			frozen: u128,
		}

		let address = storage::dynamic::<(AccountId32,), Account>("System", "Account");
		let found = self.block.storage().try_fetch(address, (AccountId32(account),)).await;
		let Some(found) = found.map_err(|error| self.error(error))? else { return Ok(0) };
		let Account { data } = found.decode().map_err(|error| self.error(error))?;
		Ok(data.free.saturating_sub(data.frozen))
	}

	/// All signing keys of an identity, oldest first.
	pub async fn all_keys(&self, id: IdentityId) -> Result<Vec<KeyView>, Error> {
		let (mut all, mut from) = (Vec::new(), 0);
		loop {
			let page = match self.keys(id, from, PAGE).await? {
				Ok(page) => page,
				Err(ListError::UnknownIdentity) => return Ok(all),
				Err(ListError::LimitTooLarge { max }) => {
					return Err(too_large(PageTooLarge { max }));
				},
			};
			all.extend(page.keys);
			let Some(next) = page.next else { return Ok(all) };
			from = next;
		}
	}

	/// The accounts of the council.
	pub async fn council(&self) -> Result<Vec<[u8; 32]>, Error> {
		let address = storage::dynamic::<(), Vec<AccountId32>>("Council", "Members");
		let found = self.block.storage().try_fetch(address, ()).await;
		let Some(found) = found.map_err(|error| self.error(error))? else { return Ok(Vec::new()) };
		let members = found.decode().map_err(|error| self.error(error))?;
		Ok(members.into_iter().map(|member| member.0).collect())
	}

	/// The organisations where a practitioner works now.
	pub async fn organisations_of(
		&self,
		practitioner: IdentityId,
	) -> Result<Vec<IdentityId>, Error> {
		let mut found: Vec<_> = self
			.affiliations_of(practitioner)
			.await?
			.into_iter()
			.filter(|affiliation| affiliation.in_force)
			.map(|affiliation| affiliation.organisation)
			.collect();
		found.sort();
		found.dedup();
		Ok(found)
	}
}

/// What stands between a view function's answer and its caller.
#[derive(Decode)]
enum NoView {
	NotImplemented,
	NotFound(#[allow(dead_code)] [u8; 32]),
	Codec,
}

impl At {
	/// Asks a view function. Its id says the text of its signature; the shapes are compared too.
	async fn view<Answer: Decode>(
		&self,
		pallet: &str,
		function: &str,
		arguments: &impl Encode,
	) -> Result<Answer, Error> {
		let what = format!("{pallet}.{function}");
		let other = || Error::OtherRuntime { what: what.clone() };
		let found = |metadata: &'_ subxt::Metadata| {
			let function = metadata.pallet_by_name(pallet)?.view_function_by_name(function)?;
			Some((*function.query_id(), function.hash()))
		};
		let (id, shape) = found(self.block.metadata_ref()).ok_or_else(other)?;
		if found(committed_metadata()).is_none_or(|(_, known)| known != shape) {
			return Err(other());
		}
		// Written out here because subxt 0.51 sends the arguments without their length, and reads the
		// answer without the `Result` around it, which FRAME 2609 has.
		let input = (id, arguments.encode()).encode();
		let bytes = self.block.view_functions().call_raw(Some(&input)).await;
		let bytes = bytes.map_err(|error| self.error(error))?;
		match decoded::<Result<Vec<u8>, NoView>>(&what, &bytes)? {
			Ok(answer) => decoded(&what, &answer),
			Err(NoView::NotImplemented | NoView::NotFound(_) | NoView::Codec) => Err(other()),
		}
	}

	/// Asks a runtime API.
	async fn api<Answer: Decode>(
		&self,
		api: &str,
		method: &str,
		arguments: &impl Encode,
	) -> Result<Answer, Error> {
		let name = format!("{api}_{method}");
		let shape = |metadata: &'_ subxt::Metadata| {
			Some(metadata.runtime_api_trait_by_name(api)?.method_by_name(method)?.hash())
		};
		let known = shape(committed_metadata());
		if known.is_none() || shape(self.block.metadata_ref()) != known {
			return Err(Error::OtherRuntime { what: name });
		}
		let input = arguments.encode();
		let bytes = self.block.runtime_apis().call_raw(&name, Some(&input)).await;
		decoded(&name, &bytes.map_err(|error| self.error(error))?)
	}
}

fn decoded<T: Decode>(what: &str, bytes: &[u8]) -> Result<T, Error> {
	T::decode_all(&mut &*bytes)
		.map_err(|error| Error::Answer(format!("{what}: {}", crate::one_line(&error.to_string()))))
}

fn too_large(PageTooLarge { max }: PageTooLarge) -> Error {
	Error::Answer(format!("it gives no more than {max} items at a time"))
}

#[cfg(test)]
mod tests {
	#[test]
	fn every_view_function_has_the_shape_of_the_metadata() {
		let rooms = [
			super::signatures(),
			super::consent::signatures(),
			super::emergencies::signatures(),
			super::records::signatures(),
		];
		for (signature, answer) in rooms.into_iter().flatten() {
			signature.check_view(answer);
		}
	}
}
