# Words of the recording: her own pages, those of consultant and compliance, and the training certificates. Same keys as zh-CN.ftl.

## Consent of its own
record-title = Recording sound and picture
record-consent-lead = The consultant asks you for a recording: what the loan costs is read out part by part, and you answer yourself. First we need your consent to this one thing.
record-consent-name = My voice and picture are recorded
record-consent-text = { $lender } records your voice and picture, to show that the cost was made clear and that the loan is your own wish, and to handle complaints and inspections. The picture carries the time and your reference.
record-consent-kept = { "" } It is kept encrypted, under today's rules for { $years } years.
record-consent-look = { "" } Only consultants, compliance and auditors can look, and every look is put on record. The voice that reads is made by a machine, not a person. You may say no, and you may stop halfway.
record-consent-else = You may say no: the consultant then finds another way with you, for example with the branch's own device.
record-declined = You chose not to be recorded here. The consultant will find another way with you; you may change your mind at any time.
record-again = Look at the recording again

## Recording
record-lead = There are { $count } parts. Each is read out first; say your answer, then press the button for it.
record-lead-doubt = If you do not understand or something seems wrong, press “I doubt it”. Everything stops, the consultant explains, and only that part is recorded again. A doubt is never to your disadvantage.
record-before-place = Sit in a quiet, well-lit place, with your face in the picture.
record-before-voice = The voice that reads is made by a machine, not a person.
record-before-net = A lost connection does no harm: the recording is kept on this device, sent when the connection is back, and then deleted from the device.
record-start = Open the camera and begin
record-pause = Stop for now, go on later
record-picture = The picture as it is recorded, with time and reference
record-part = Part { $a } of { $b }
record-yes = Yes
record-no = No
record-doubt = I doubt it, please stop
record-answer = Say your answer, then press
record-hear-again = Read it again
record-voice = A machine voice follows.
record-reading = It is being read…
record-silent = This device cannot read aloud. You, or the consultant beside you, read this part aloud; then answer.
record-on = Recording
record-sent = Sent:
record-lost = The connection is lost. The recording is kept on this device and sent when the connection is back. Nothing has to be repeated.
record-back = The connection is back; the rest is being sent.
record-working = The last pieces are being sent. Please keep this page open…
record-recover = What was not sent last time is being sent…
record-done-title = Everything is recorded
record-done-lead = If you want a part again, press “Record again” beside it. Otherwise hand it in.
record-finish = Hand it in
record-list = All parts
record-redo = Record again
record-state-todo = to record
record-state-now = being recorded
record-state-kept = recorded
record-state-sending = not all sent
record-failed = That did not work. Reload this page and try again; if it still fails, call the number on the page.
record-no-script = Scripts (JavaScript) are switched off in this browser; recording is not possible here.
record-unable = This browser cannot record here: a newer browser and an https address are needed.
record-no-camera = Camera and microphone could not be opened. See that no other program uses them, allow this page to use them, and press again.
record-other-title = Another way
record-other = Come to the branch, where the consultant records on the branch's device; or call the number on the page and find a way together.
record-other-button = I do not record here

## A doubt stops
record-stopped-title = Stopped: the consultant explains first
record-stopped-lead = You doubt the part below. Nothing is being recorded now. The consultant explains; then only this part is recorded again.
record-stopped-fair = A doubt is never to your disadvantage. Nothing goes on before it was explained.
record-stopped-help = No consultant beside you? Call the number on the page.
record-stopped-wait = When the consultant has put on record that it was explained, this page goes on by itself.
record-stopped-button = It was explained, go on
