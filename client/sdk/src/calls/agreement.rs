// SPDX-License-Identifier: Apache-2.0

//! Who may read records: consent, emergencies, the log.

use crate::{Call, types::*};
use salus_primitives::*;

calls! {
	/// Consent: compartments, grants, requests, emergencies, the access log.
	"Consent" consent {
		/// Sets what holds when no grant speaks.
		set_policy(subject: IdentityId, policy: AccessPolicy);
		/// Opens a compartment.
		open_compartment(
			subject: IdentityId,
			compartment: CompartmentNo,
			key: X25519Key,
			restricted: bool,
		);
		/// Gives a compartment its next epoch, with a link back and the new secret sealed to up to 32
		/// grantees.
		rotate_compartment(
			subject: IdentityId,
			compartment: CompartmentNo,
			expected_epoch: Epoch,
			key: X25519Key,
			link: Wrap,
			wraps: Vec<GrantWrap>,
			emergency: Option<(KeyVersion, Wrap)>,
		);
		/// Seals the secret of a compartment's current epoch to up to 32 grantees more.
		add_compartment_wraps(
			subject: IdentityId,
			compartment: CompartmentNo,
			epoch: Epoch,
			wraps: Vec<GrantWrap>,
		);
		/// Permits or denies a grantee access.
		grant(
			subject: IdentityId,
			grantee: Grantee,
			decision: Decision,
			scope: Scope,
			purposes: Purposes,
			actions: Actions,
			data_period: Option<Window>,
			window: Window,
			uses: Option<u32>,
			basis: Basis,
			document: Option<Digest>,
			delegable: bool,
			keys: GrantKeys,
		);
		/// Makes a grant say less.
		narrow(
			grant: GrantId,
			scope: Scope,
			purposes: Purposes,
			actions: Actions,
			data_period: Option<Window>,
			window: Window,
			uses: Option<u32>,
			keys: GrantKeys,
		);
		/// Takes a grant back.
		revoke(grant: GrantId, strength: RevocationStrength);
		/// Takes all grants to somebody back.
		revoke_all(subject: IdentityId, grantee: Grantee, strength: RevocationStrength);
		/// Passes a part of a grant on. By its grantee.
		sub_grant(
			parent: GrantId,
			grantee: Grantee,
			scope: Scope,
			purposes: Purposes,
			actions: Actions,
			data_period: Option<Window>,
			window: Window,
			delegable: bool,
			keys: GrantKeys,
		);
		/// Asks a patient for a grant.
		request_access(
			subject: IdentityId,
			on_behalf: Option<IdentityId>,
			scope: Scope,
			purposes: Purposes,
			actions: Actions,
			data_period: Option<Window>,
			length: Moment,
			reason: Digest,
			answer_by: Moment,
		);
		/// Makes the grant that was asked for, or less.
		approve_request(
			request: RequestId,
			scope: Scope,
			purposes: Purposes,
			actions: Actions,
			data_period: Option<Window>,
			window: Window,
			uses: Option<u32>,
			basis: Basis,
			document: Option<Digest>,
			delegable: bool,
			keys: GrantKeys,
		);
		/// Answers a request with no.
		decline_request(request: RequestId);
		/// Takes an own request back.
		cancel_request(request: RequestId);
		/// Records an access in the log of the record's subject. By a data custodian.
		log_access(
			reader: IdentityId,
			record: RecordId,
			purpose: Purpose,
			action: Action,
			decision: AccessDecision,
			event: Digest,
		);
		/// Puts a run of a recorder's log under one root. By a data custodian.
		anchor_audit_batch(
			recorder: RecorderId,
			seq: u64,
			root: Digest,
			first: u64,
			last: u64,
			from: Moment,
			until: Moment,
		);
		/// Opens an emergency.
		break_glass(
			subject: IdentityId,
			organisation: IdentityId,
			compartment: Option<CompartmentNo>,
			reason: EmergencyReason,
			justification: Digest,
		);
		/// Ends an emergency before its time.
		close_break_glass(emergency: EmergencyId);
		/// Says whether there was need. By a privacy officer, or by governance.
		review_break_glass(emergency: EmergencyId, outcome: ReviewOutcome, note: Digest);
		/// Has governance look at an emergency. By the patient.
		contest(emergency: EmergencyId);
		/// Says where the key shares of one's records lie.
		set_share_custodian(custodians: Vec<IdentityId>, threshold: u8);
		/// Sets the rules of emergencies. By governance.
		set_btg_policy(policy: EmergencyPolicy);
		/// Takes the emergency role from somebody. By governance.
		suspend(claimant: IdentityId);
		/// Gives it back, without strikes. By governance.
		reinstate(claimant: IdentityId);
		/// Clears away what is over. By anybody.
		reap(due: Vec<Due>);
		/// Offers to hold emergency keys, or ceases to. By an organisation.
		set_emergency_holder(accept: bool);
		/// Hands a compartment's secret to a holder for emergencies, or takes it back.
		set_emergency_key(
			subject: IdentityId,
			compartment: CompartmentNo,
			key: Option<EmergencyKey>,
		);
	}
}
