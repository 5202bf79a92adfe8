// SPDX-License-Identifier: Apache-2.0

//! What the runtime answers with: errors and events by their numbers. A client that was built for
//! this runtime knows them by number, so a new one goes to the end, and none changes its place.

mod served;

use served::{Metadata, variants};

enum Kind {
	Errors,
	Events,
}
use Kind::{Errors, Events};

/// Expects the errors or the events of a pallet to be these, numbered from 0 on.
#[track_caller]
fn keep(name: &str, kind: Kind, names: &[&str]) {
	let metadata = Metadata::of_the_runtime();
	let mut pallets = metadata.pallets.iter();
	let pallet = pallets.find(|pallet| pallet.name == name).expect("it is in the runtime");
	let listed = match kind {
		Errors => pallet.error.as_ref().map(|errors| errors.ty),
		Events => pallet.event.as_ref().map(|events| events.ty),
	};
	let found: Vec<_> = variants(&metadata, listed.expect("it has some"))
		.map(|variant| (usize::from(variant.index), variant.name.as_str()))
		.collect();
	let expected: Vec<_> = names.iter().copied().enumerate().collect();
	assert_eq!(found, expected);
}

#[test]
fn errors_of_identities_keep_their_numbers() {
	keep(
		"Identity",
		Errors,
		&[
			"DeviceRefused",
			"AccountAlreadyBound",
			"AgreementKeyNotCanonical",
			"AgreementKeySmallOrder",
			"AgreementKeyInUse",
			"AgreementKeyIsAccount",
			"ProfileEmpty",
			"StaleRevision",
			"ProfileUnchanged",
			"StaleVersion",
			"VersionHistoryFull",
			"VersionsKeptForPrimary",
			"BadSignature",
			"ConsentExpired",
			"DeadlineTooFar",
			"SponsorQuotaExceeded",
			"AccountRetired",
			"AccountIsAgreementKey",
			"PublicKeyMismatch",
			"PublicKeyWeak",
			"PublicKeyMissing",
			"NoProfile",
			"NotPrimary",
			"StaleDocVersion",
			"IdentityNotFound",
			"IdentityEnded",
			"PatientNeedsGovernance",
			"AlreadySuspended",
			"NotSuspended",
			"SuspendedByGovernance",
			"SuspendedByAnother",
			"EndPassed",
			"VersionIsCurrent",
			"VersionNotFound",
			"CompromiseAhead",
			"CompromiseBeforeUse",
			"AlreadyRevoked",
			"UnknownPurpose",
			"UnknownScope",
			"NoPurpose",
			"PurposeMismatch",
			"ScopeEscalation",
			"KeyAdminNotGiven",
			"PurposeEscalation",
			"OutlivesGiver",
			"TooManyKeys",
			"KeyHistoryFull",
			"KeyNotFound",
			"KeyNotActive",
			"KeyIsPrimary",
			"ScopesUnchanged",
			"StaleEpoch",
			"AlreadyFrozen",
			"NotFrozen",
			"ServicesRefused",
			"ServiceIdMalformed",
			"ServiceIdReserved",
			"ServiceKindMalformed",
			"ServiceUrlMalformed",
			"ServiceExists",
			"ServiceNotFound",
			"TooManyServices",
		],
	);
}

#[test]
fn events_of_identities_keep_their_numbers() {
	keep(
		"Identity",
		Events,
		&[
			"IdentityRegistered",
			"ProfileSet",
			"ProfileCleared",
			"IdentityDeactivated",
			"IdentitySuspended",
			"IdentityReinstated",
			"AgreementKeyRotated",
			"AgreementKeyRevoked",
			"KeyAdded",
			"KeyScopesSet",
			"PrimaryRotated",
			"KeyRetired",
			"KeyRevoked",
			"KeysFrozen",
			"KeysUnfrozen",
			"ServiceAdded",
			"ServiceRemoved",
		],
	);
}

#[test]
fn errors_of_accreditations_keep_their_numbers() {
	keep(
		"Accreditation",
		Errors,
		&[
			"IdentityNotActive",
			"WrongKind",
			"KindsNotSound",
			"JurisdictionsNotSound",
			"WindowOver",
			"TermTooLong",
			"AuthorityNotFound",
			"AuthorityCutOff",
			"CutOffAhead",
			"CutOffNotEarlier",
			"NotAuthority",
			"NotInOffice",
			"KindOutOfScope",
			"JurisdictionOutOfScope",
			"SelfNotAllowed",
			"CommitmentEmpty",
			"TooManyAccreditations",
			"AccreditationNotFound",
			"NotIssuer",
			"AlreadyRevoked",
			"EffectiveTooEarly",
			"EffectiveTooLate",
			"NotReapable",
			"NotFacility",
			"DeadlinePassed",
			"DeadlineTooFar",
			"TooManyInvitations",
			"AffiliationNotFound",
			"NotInvitee",
			"AlreadyAccepted",
			"InvitationExpired",
			"AlreadyAffiliated",
			"TooManyAffiliations",
			"TooManyOrganisations",
			"NotParty",
			"AlreadyOver",
			"CodesNotSound",
			"CodeOutOfScope",
			"DepthExceeded",
			"KindsTooWide",
			"JurisdictionsTooWide",
			"CodesTooWide",
			"WindowTooWide",
			"OfAnotherParent",
			"NotParent",
			"AuthoritySuspended",
			"ParentCutOff",
			"ParentSuspended",
			"ParentNotInOffice",
			"AlreadySuspended",
			"NotSuspended",
			"ImposedFromAbove",
			"SuspensionOver",
			"ListOutOfRange",
			"DigestEmpty",
			"DigestUnchanged",
			"SequenceNotRising",
			"LocatorNotSound",
			"GrantVoid",
			"UntilNotLater",
			"StatusLogFull",
			"AlreadyExpired",
			"AlreadySurrendered",
			"NotHolder",
			"RequestNotFound",
			"DigestMismatch",
			"NotRequestParty",
			"PermissionsNotSound",
			"NotOrganisation",
			"NotAccepted",
			"TooManySuspensions",
			"TooManyOfKind",
			"TooManyFromIssuer",
			"OrganisationNotActive",
			"AffiliationHistoryFull",
			"TooManyFacilityLicences",
			"TooManyRenewals",
		],
	);
}

#[test]
fn events_of_accreditations_keep_their_numbers() {
	keep(
		"Accreditation",
		Events,
		&[
			"AuthorityAppointed",
			"AuthorityRemoved",
			"AuthoritySuspended",
			"AuthorityReinstated",
			"StatusListSet",
			"AccreditationRequested",
			"RequestClosed",
			"AccreditationGranted",
			"AccreditationRenewed",
			"AccreditationSuspended",
			"SuspensionLifted",
			"AccreditationRevoked",
			"AccreditationSurrendered",
			"AccreditationReaped",
			"AffiliationInvited",
			"AffiliationAccepted",
			"InvitationClosed",
			"AffiliationSuspended",
			"AffiliationResumed",
			"AffiliationEnded",
			"AffiliationReaped",
		],
	);
}

#[test]
fn errors_of_vaults_keep_their_numbers() {
	keep(
		"Vault",
		Errors,
		&[
			"NoVault",
			"StaleVersion",
			"DeviceRefused",
			"BodyEmpty",
			"CommitmentEmpty",
			"NoLogin",
			"DuplicateSlot",
			"SlotTaken",
			"SlotNotFound",
			"TooManySlots",
			"LastLogin",
			"NoLoginToMove",
			"LoginMissing",
			"LoginRefused",
			"LoginKeyWeak",
			"BadClaim",
			"LocatorTaken",
			"KdfOfAnotherKind",
			"KdfTooWeak",
			"KdfTooCostly",
			"KdfLanesOutOfBounds",
			"SaltTooShort",
			"WrapTooShort",
			"IdentityNotEnded",
		],
	);
}

#[test]
fn events_of_vaults_keep_their_numbers() {
	keep("Vault", Events, &["VaultSet", "SlotPut", "SlotRemoved", "LoginMoved", "VaultCleared"]);
}
