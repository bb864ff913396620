-- Proofs and panels are somebody's; whether a number is revoked is asked by the register itself.
CALL hide_protected('registry_proof', 'person_id');
CALL hide_protected('registry_panel', 'person_id');
