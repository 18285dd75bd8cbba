# The words of the pages. One sentence says one thing. The keys are those of zh-CN.ftl, one by one.

## On every page
brand = Mingbai 明白
skip = Skip to the content
nav-look = Language and size of type
nav-other-language = 中文
nav-large = Large type
nav-normal = Normal type
nav-colours = Colours
colours-light = Light
colours-dark = Dark
colours-contrast = High contrast
colours-auto = As the device
person-label = A person to ask
person-ask = Questions? Ask a person at { $institution }
person-call = Call { $phone }
foot-complain = A complaint never affects your loan, your rate or the service. Regulator: 12378. Anti-fraud line: 96110.
foot-reference = Reference { $reference }
error-prefix = Error:{" "}
error-request = If you call about this, give this number: { $request }
summary-title = Some answers need another look
alarm-mark = Careful:
listen = Listen
listen-stop = Stop
listen-silent = This device cannot read aloud
means = What does this mean?
go-on = Continue
unit-yuan = yuan
answer-yes = Yes
answer-no = No
answer-not-sure = Not sure
choose-one = Please choose one. Nothing is chosen for you.
steps-of = Step { $a } of { $b }:{" "}
step-about = start
step-income = income and debts
step-safety = scam questions
step-cost = see the cost
step-read = read section by section
step-answer = tell us back
step-consent = consents
step-person = in person
step-paper = signature and notice
step-final = final confirmation

## Link and code
code-title = Enter the code from the text message
code-lead = We sent 6 digits to the phone that is registered for you. Only you can see them.
code-label = 6-digit code
code-hint = Digits only. Valid for a few minutes.
code-button = Open my page
code-coming = The code is on its way to your registered phone. If it does not come, call the number above.
code-again-title = Welcome back
code-again-lead = This link was opened before. To come in again, we send 6 new digits to your registered phone.
code-again-button = Send new digits to my phone
code-never = Tell nobody this code
code-never-more = No bank, no hotline and no police officer asks for it. Whoever asks is cheating you.
code-format = The code has 6 digits. Copy it from the message.
dead-title = This link no longer works
dead-lead = It was used, it expired, or too many wrong codes were tried. This protects you.
dead-next = Call the number above; staff send a new link to your registered phone.

## Start
start-title = Understand it before you borrow
start-lead = You are applying to borrow { $b } from { $a }. Before you sign, we look at every yuan together.
start-what = What you do
start-what-1 = See what you receive, what you pay back, and who takes what.
start-what-2 = Read six short sections at your own pace.
start-what-3 = Answer a few questions about your own numbers. It is no exam; after a mistake we explain again.
start-what-4 = Show your identity and sign in person; at the end you confirm yourself.
start-long = How long it takes
start-long-1 = About 15 minutes. Stop whenever you like and go on another day. Nobody hurries you.
start-need = What you need
start-need-1 = Your own identity card and your own phone.
start-need-2 = Roughly what you earn a month and what you repay a month already.
start-other = Is a phone inconvenient?
start-other-1 = Call the number above for an appointment. A consultant does it with you on paper at the branch: the same content, no extra charge.
start-alone = Please do it yourself
start-alone-1 = Family may sit beside you, but every decision and every tap is yours.
start-button = Start

## Income
income-title = Can you carry it every month?
income-lead = Write what is true. Too high a figure hurts you.
income-income = About how much do you receive a month?
income-income-hint = Wages, pension, business income. For example 5000, or 0.5万.
income-debts = How much do you repay a month on loans and cards you already have?
income-debts-hint = Write 0 if there is nothing.
afford-title = By the rule, this loan cannot be made now
afford-next = You may borrow less or over a longer time, or ask for a human review: a compliance officer looks at your situation and answers. Asking does you no harm. Call the number above.

## Scam questions
safety-title = Protect yourself first
safety-lead = Cheats often use other people to borrow. These questions only protect you; answer as it is.
safety-missing = Please answer this question.
safety-paused = We stop here for a moment
safety-paused-lead = Something in your answers calls for care. This is not a rejection; a person will talk with you first.
pause-call = Numbers you can call
pause-look-again = See how far it is
human-title = A consultant explains it in person
human-lead = Some answers were wrong several times. That is all right; we did not explain well enough.
human-next = Call the number above or tell your consultant. After that you go on with the answers.

## Key facts
facts-title = Eight things that matter
facts-lead = Money first, then the rate. Every row says what it means.
facts-button = See the cost table
fact-principal = You borrow
fact-extra-under = { $amount } more for every CNY 10,000 borrowed

## Cost table
table-title = Table of the all-in financing cost
table-lead = Every payment asked of you is in this table. What is not in it, nobody may charge.
table-kept-note = Money is kept back before the payout: you receive less than the contract says. Ask why before you decide.
table-who = Who lends to you
table-product = Product
table-lender = Lender
table-method = Repayment
table-dates = Term
table-dates-value = paid out { $a }, repaid { $b }
table-money = Every payment
table-items = Item, payee, standard, total
table-item = Item
table-total-level = Total
table-principal = Principal
table-net = you receive { $amount }
table-kept = { $a } kept back, you receive { $b }
table-row-kept = kept back from the payout
table-row-deposit = deposit, comes back at the end
table-payee = paid to { $a } ({ $b })
table-level = { $rate } a year
table-cost = Interest and fees
table-repayable = You pay in all
table-annual = All-in cost a year
table-annual-hint = Totals first, shares second. Each figure says how it was computed.
table-nominal = Contract rate (interest only)
table-why-differ = Why do the figures differ?
table-default = If the agreement is not kept
table-default-hint = Only in default; not part of the totals above
table-overdue = Penalty interest when late
table-misuse = Penalty interest on misuse
table-compound = Interest on unpaid interest
table-compound-yes = charged
table-compound-no = not charged
table-late-fee = Fixed late fee
table-grace = Days of grace
table-grace-value = { $days } days
table-a-year = { $rate } a year
table-digest = Fingerprint of the terms: { $digest }
table-pdf = Download this table (PDF)
table-button = I have seen this table

## Plan
plan-title = What you pay each time
plan-lead = { $a } payments; with what is paid at the payout, { $b } in all.
plan-at-payout = { $amount } is paid or kept back on the day of the payout and is not in the instalments below.
plan-caption = Repayment plan (yuan)
plan-when = Number and date
plan-pay = To pay
plan-n = No. { $n }
plan-left = Principal left
plan-pdf = Download the plan (PDF)
plan-button = What if I am late or early?
chart-principal = Principal
chart-interest = Interest
chart-fees = Fees
chart-says = { $a } payments, the highest { $b }. Each bar is one payment; the table below has the exact figures.
chart-says-years = By the year: { $a } years, the highest { $b }. Each bar is one year; the table below has every payment.

## Late and early
late-title = Late or early
late-late = If you pay late
late-example = Example: instalment { $a } is { $b } days late.
late-extra = Extra cost
late-made-of = How the extra cost is made up
late-overdue = Penalty interest
late-compound = Interest on unpaid interest
late-fee = Fixed late fee
late-due = Due that day in all
late-advice = Being late also marks your credit record. If you cannot pay, call before the due date and talk; you need no broker.
late-early = If you repay early
late-ask = After which instalment would you like to be free?
late-count = Work it out
late-early-on = Everything repaid after instalment { $a } ({ $b }):
late-payoff = To pay that day
late-payoff-of = Fee and saving
late-early-fee-row = Early-repayment fee
late-accrued-row = Interest up to that day
late-refund-row = Fees and deposits given back
late-saved = Saved against the plan
late-button = Start reading

## Reading
read-title = Read section by section
read-part = Section { $a } of { $b }
read-lead = Six sections, written for your own loan. Take your time.
read-seconds = Please take at least { $seconds } seconds for this section (by the server's clock). No hurry.
read-button = I have read this section
read-open = Open this section
read-done = read
read-not-yet = not read yet
read-any-day = Stop whenever you like and go on another day.

## Answers
teach-title = Tell us back
teach-lead = { $n } short questions, all about the numbers of your loan.
teach-no-exam = It is no exam. If you do not know, say that you are not sure and we explain again.
teach-count = { $a } of { $b } answered
teach-amount = Your answer
teach-amount-hint = About right is enough. 3842.19, 3.8万 and 三千八百元 all work.
teach-no-blame = Not knowing is all right.
teach-look-up = Look at the cost table again
teach-button = This is my answer
teach-next = Next question
teach-missing = Choose an answer, or say that you are not sure.
teach-explain-title = No matter, here it is again
teach-explain-next = When it is clear, try a question that asks it differently.

## Consents
consents-title = Do you agree to these?
consents-lead = Each one apart, none chosen for you. You may refuse.
consent-agree = I agree
consent-decline = I do not agree
consent-necessary = Without this one the loan cannot be made. You may always leave the loan.
consent-optional = Optional. Refusing it changes nothing about this loan.
consent-loan_processing = Use my data for this loan
consent-loan_processing-text = { $lender } uses your name, identity number, phone number, income and debts to process this loan: assessment, payout, repayment and complaints. They are deleted when the legal retention time ends.
consent-credit_report = Read my credit report
consent-credit_report-text = { $lender } reads your report in the national credit database once to assess this loan, and reports your repayments while it runs.
consent-share_payees = Give what is needed to the firms that charge
consent-share_payees-text = Your name, identity number, amount and repayment plan go to: { $payees }. Only for the service that the cost table names.
consent-marketing = Send me advertisements
consent-marketing-text = { $lender } may tell you about other products by message or telephone. You may end this at any time.

## Waiting
wait-title = Nearly there: staff have to act
wait-lead = You have done all that you can do now. The rest is done in person, together with you.
wait-terms-title = No terms yet
wait-terms-lead = The lender has not offered terms. When it does, you will see every yuan here.
wait-blocked = These are not complete yet:
wait-come-back = You may close this page. Come back by your link when it is done and go on from here.
wait-button = It is done, go on
who-borrower = your move
who-consultant = the consultant's move
who-compliance = the compliance officer's move

## Signature, notice, last look
sign-title = Did you sign this document yourself?
sign-attested = Consultant { $a } attests: on { $b } you signed a paper document by hand in the consultant's sight.
sign-document = Fingerprint of the document: { $digest }
sign-question = Was it you, with your own hand?
sign-warning = Nobody may sign for you or press this for you. If it was not you, press “I did not sign” and a person acts at once.
sign-open = Open the document that you signed (PDF)
sign-yes = I signed it myself
sign-no = I did not sign it
notice-title = Do you have the paper notice?
notice-lead = It holds what matters most about this loan. Keep it.
notice-pdf = Open the notice (PDF)
notice-check = Compare: its numbers are those you saw just now. If one differs, do not go on.
notice-button = I have it, the numbers agree
last-title = A last look, alone
last-lead = Ask whoever is beside you to step away. Only your own wish counts.
last-own = Is this loan your own wish?
last-own-yes = It is my own wish
last-own-no = It is not
last-told = Is anybody telling you what to choose?
last-told-yes = Yes
last-told-no = No
last-after = After this the lender may pay out. Until it does you may change your mind.
last-button = I want this loan
last-stopped-title = All right, we stop here
last-stopped-lead = If it is not your own wish, no money will be paid out. A person will contact you alone.
last-again = I have talked with a person and want to look again, on my own
last-stopped-next = You may also leave the loan now. In danger call 110.

## Done
done-title-wait = All done
done-lead-wait = Thank you. The lender pays out next; until then you may change your mind.
done-title-paid = Paid out
done-lead-paid = { $amount } paid out on { $date }. Check your account.
done-title-closed = Closed
done-lead-closed = This loan is repaid and every charge was checked.
done-reference = Reference (give this on the telephone)
done-next = What comes next
done-next-payout = Before the payout every step is checked once more.
done-next-amount = { $amount } must arrive. Anything less is a violation and must be made good.
done-next-call = Some days after the payout you get a link to check the numbers again. It never asks for codes or passwords.
done-next-fees = Every later charge is compared with the cost table. What is not in it is given back.
done-keep = Keep these
done-notice = Notice (PDF)
done-table = Cost table (PDF)
done-plan = Repayment plan (PDF)
done-package = Evidence package (zip)
done-package-hint = All records and proofs of this loan. Anybody can check it without a network and without trusting us: for a complaint, for a court.
done-proof = Receipt (small file)
done-proof-hint = Keep one yourself. If anybody ever removes or changes your records, it proves so.
done-complain = Not satisfied? Complain
done-no-harm = A complaint never affects your loan, your rate or the service.

## No
decline-button = I do not want this loan
decline-title = Leave this loan?
decline-lead = You may. No reason, no cost, no mark on your credit record, and you may come back later.
decline-after = It is your right. We only note that the borrower decided not to borrow.
decline-reason = Would you like to say why? (optional)
decline-reason-hint = Leaving it empty is fine.
decline-yes = Yes, leave it
decline-back = Back, look again
decline-forced = Somebody is making me borrow
decline-forced-1 = You can press “Yes, leave it” now; nobody learns why. In danger call 110.
decline-not-signed = You say that you did not sign this document
decline-not-signed-next = This matters. Call the number above or 12378 now. As long as you do not confirm the signature, no money can be paid out.
decline-not-signed-reason = I did not sign the document
declined-title = All right, no loan
declined-lead = It is noted: you used your right to say no. Nothing was charged.
declined-next = If anybody asks you for money because of this application, pay nothing.

## Changed terms
changed-title = The terms changed: please look again
changed-lead = After you looked, the lender changed the terms. What you saw, answered and signed before no longer counts; without your new confirmation no money is paid out.
changed-caption = Before and now, row by row
changed-what = Row
changed-old = Before
changed-new = Now
changed-why = Why again? You agreed to the old numbers, not to these. You need not accept them.
changed-button = Look again

## Call-back
callback-title = Please check once more
callback-lead = The money is paid out. Tell us in your own words: is it as agreed?
callback-button = Send
callback-unsure-hint = Leave it empty if you do not remember; it counts as not sure.
callback-done-title = Thank you
callback-done-good = What you say agrees with the record.
callback-done-case = What you say differs from the record. A case is open; a person will contact you within the set time.
callback-none-title = Nothing to check now
callback-none-lead = The call-back has not begun, or it is over. If you have questions, call the number above.

## Refused and failed
refused-title = This cannot be done now
error-title-400 = We cannot read this request
error-title-403 = This step is not yours to do
error-title-404 = There is no such page
error-title-413 = Too much was sent
error-title-429 = Too fast, please wait
error-title-500 = Something went wrong on our side
error-why-400 = What was sent is incomplete or has the wrong form.
error-why-403-csrf = The page was open too long, or the click did not come from our page. For safety nothing was done.
error-why-404 = The address may be mistyped, or the link has ended.
error-why-413 = It was larger than allowed; nothing was kept.
error-why-429 = Too many tries in a short time. This protects against others acting in your name.
error-why-500 = Nothing was damaged. It is noted; please try again later.
error-next = Go back and try again. If it still fails, call the number above.
error-title-link = Please open this with your link
error-why-link = This page is opened with the link and the 6 digits that were sent to your phone; perhaps 12 hours have passed.
error-next-link = Open the link in the message again. If that fails, call the number above; staff send a new one to your registered phone.
error-title-sign-in = Please sign in
error-why-sign-in = This page is for staff; perhaps your session is over.
error-next-sign-in = Sign in and open the page again.
error-sign-in = Sign in
error-why-403 = Only the person herself, or somebody with the right, may do this.
error-why-staff-device = A member of staff is signed in on this device. A borrower's link opens on her own phone only; nobody may act for her.
error-next-staff-device = Open the link on your own phone; to try it out, use a private window.

## Public pages
front-title = Not understood, not paid out
front-lead = Not one yuan is paid out until the borrower has understood what the loan costs; and anyone can check it afterwards.
front-borrow = I want to borrow
front-borrow-1 = Open the link that the lender sent to your phone. Nobody will ask for the code on the telephone.
front-check = Is the paper in my hand real?
front-check-1 = Every paper carries a code of 12 characters and a QR code. Anyone may check it.
front-check-button = Check a paper
front-verify = Verify an evidence package
front-verify-1 = A package is verified without a network and without trusting us: get the program and run this line.
front-staff = Staff and systems of the lender
front-staff-1 = Staff sign in; the description of the interface is public.
check-title = Check a paper
check-lead = Type the 12 characters that stand on the paper, to see whether it is from us and still holds.
check-code = Code of the paper
check-hint = 12 letters and digits; spaces and hyphens do not matter.
check-button = Check
check-real = This paper is from us.
check-current = Its terms are still in force.
check-superseded = But the terms were changed afterwards; it no longer holds, look at the newer one.
check-declined = But the borrower then decided not to borrow; it no longer holds.
check-what = Paper
check-kind-cost_table = All-in cost table
check-kind-plan = Repayment plan
check-kind-notice = Paper notice
check-kind-contract = Loan contract
check-issued = Issued
check-digest = Digest of the file (SHA-256)
check-bytes = Size of the file in bytes
check-nothing-else = To protect the borrower, no name and no amount is shown here. Compare the digest with the file in your hand.
