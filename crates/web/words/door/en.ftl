# The words of the way in: second proof, passkeys, sessions, one's own account. Keys as in zh-CN.ftl.

## Second proof
door-proof-title = The second proof
door-proof-lead = { $login }, the password is right. One step is missing: show that it is you.
door-code = Code
door-code-hint = The six digits that your authenticator app shows now; without your phone, a recovery code. Each works once.
door-proof-button = Go in
door-proof-lost = Neither phone nor recovery codes? An administrator can reset your second proof.
door-proof-leave = Leave, use another account
door-passkey = Passkey
door-passkey-enter = Sign in with a passkey
door-passkey-failed = That did not work: the device gave no answer, or it was cancelled. Try again, or use another way.
door-passkey-known = This device holds a passkey for this account already.
door-passkey-help = With this device's fingerprint, face or screen lock. The key stays in your device, only its public half is kept here; later you sign in without a password.
door-passkey-name = Give it a name, such as "branch computer"
door-passkey-add = Add a passkey
door-passkey-not-here = Passkeys do not work at this address: browsers want a name and https (on this very machine, http://localhost).
door-enrol-title = Add a second proof
door-enrol-lead = { $login }, your account has no second proof yet. Add one before you go in: a password alone will then open nothing.
door-enrol-more = Add a proof. Give your password once more, to show that it is you.
door-app = Authenticator app
door-app-scan = Open an authenticator app on your phone (any that can do TOTP) and scan this square.
door-app-square = QR code for the authenticator app
door-app-type = If it cannot be scanned, type this key into the app (time based, six digits):
door-app-code = The six digits that the app shows now
door-app-button = Confirm
door-password-again = Your present password
door-codes-title = Recovery codes
door-codes-lead = When your phone is lost or broken, one of these takes the place of the code. Each works once.
door-codes-once = Shown only now. Write them down or print them and lock them away; not on the computer's desktop.
door-codes-kept = They are kept; go on

## One's own account
door-me-title = My account
door-proofs = Second proofs
door-proof-kind = Kind
door-added = Added
door-used = Last used
door-never = not used yet
door-choose = Do
door-remove-this = this one
door-remove = Remove the chosen proof
door-no-proofs = None yet. Add one now: a password can be seen or guessed.
door-add-proof = Add a proof
door-sessions = Signed-in devices
door-sessions-caption = If you do not know one of them, end it at once and change your password.
door-device = Device
door-device-unknown = a device that is not recognised
door-address = From
door-means = How
door-means-link = link
door-means-password = password
door-means-authenticator = password and app
door-means-recovery = password and recovery code
door-means-passkey = passkey
door-means-single_sign_on = single sign-on
door-began = Signed in
door-seen = Last active
door-session-here = this one
door-session-end = End
door-session-others = End all others
door-new-password = New password
door-change-password = Change the password and end other sessions
door-codes = Recovery codes
door-codes-left = { $count } are left unused. A new set makes all old ones void.
door-codes-new = Make new recovery codes

## Administrator
door-account-out = End sessions
door-account-reset = Reset second proof
