/* SPDX-License-Identifier: GPL-3.0-or-later
 * The texts of the demo desk; see the header. */
#include "desk-demo-cases.h"

const DeskDemoCase desk_demo_cases[] = {
  {
      .topic = "card-terminals",
      .from = "branch",
      .priority = "urgent",
      .summary = "Card payments declined at the counter",
      .details = "Every card since {time}, cash still works. The terminal says \"Host not "
                 "reached\" after about ten "
                 "seconds. Customers are queueing.",
      .ask = "Does terminal {n} show a green light at the network socket behind the counter?",
      .answer = "No light at all. The socket next to it has one.",
      .note = "Third report from this switch in two weeks. Tell field service to bring a spare "
              "power supply.",
      .resolution = "The network switch behind the counter had lost power. Terminals work again "
                    "since the supply was "
                    "changed.",
      .steps = "1. Checked the line from our side: no answer from the switch\n2. Field service "
               "changed the power "
               "supply\n3. Test payment of 1.00 on each terminal, then cancelled",
      .recommendations = "If all terminals fail at once, look for the green light on the switch "
                         "before you restart them.",
  },
  {
      .topic = "online-banking",
      .priority = "high",
      .summary = "Locked out after a new phone",
      .details = "The second sign-in step asks for the old phone, which the customer has given "
                 "away. {unit} has seen "
                 "their identity card.",
      .ask = "Did the customer keep the old number, or is the number new as well?",
      .answer = "Same number, only the phone is new.",
      .note = "Identity was checked at the counter, see the form in the archive.",
      .resolution = "The old phone was taken out of the account, and the new one was added with a "
                    "letter code.",
      .steps = "1. Removed the old device\n2. Sent a new activation code by text message\n3. The "
               "customer signed in while "
               "on the phone with us",
      .recommendations =
          "Customers can add a second device under Settings › Devices before they change phones.",
  },
  {
      .topic = "statements",
      .from = "accounts",
      .summary = "Statement for {month} will not open",
      .details = "The file opens as an empty page in the viewer. The statement of the month before "
                 "opens fine. Happens "
                 "with two customers so far.",
      .ask = "Which viewer is it, and does the file open after saving it to the desktop?",
      .answer = "The built-in one. Saved first, it opens.",
      .note =
          "The archive serves PDF 2.0 since the update, the old viewer shows an empty page for it.",
      .resolution =
          "Statements are served in the older PDF version again until the viewers are updated.",
      .steps = "1. Compared the headers of both files\n2. Set the archive back to PDF 1.7\n3. "
               "Opened three statements "
               "from the counter computer",
      .file = "viewer-log.txt",
  },
  {
      .topic = "vpn",
      .from = "front-desk",
      .summary = "VPN drops every hour",
      .details = "Back after a minute, then gone at the full hour again. Since {day}. Only from "
                 "home, in the office there "
                 "is no need for it.",
      .ask = "Which network are you on when it happens: the guest network, home, or the phone's "
             "hotspot?",
      .answer = "Home, by cable.",
      .note = "Key renewal every 3,600 s fails with the new client. Known since the update of the "
              "gateway.",
      .resolution = "The gateway renews keys the way the new client expects it. No drop in four "
                    "hours of watching.",
      .steps = "1. Read the gateway's log around the full hour\n2. Changed the renewal from both "
               "sides to one side\n"
               "3. Kept a test connection open over night",
      .recommendations = "Restart the VPN client once, so that it takes the new setting.",
  },
  {
      .topic = "payroll",
      .from = "payroll",
      .summary = "Payroll export shows last month",
      .details = "The header says {month}, the rows are those of the month before. The run is due "
                 "tomorrow at noon.",
      .ask = "Was the period closed before the export was started?",
      .answer = "Closed at {time}, exported ten minutes later.",
      .note = "Export reads the period from the cache. Clearing it by hand works, the vendor has a "
              "fix for the next release.",
      .resolution = "The export reads the period that was closed last. The file of this morning "
                    "was made again and is right.",
      .steps = "1. Cleared the cache of the payroll server\n2. Started the export again\n3. "
               "Compared totals with the "
               "period report",
  },
  {
      .topic = "printing",
      .from = "facilities",
      .priority = "low",
      .summary = "Printer on floor {floor} jams again",
      .details =
          "Tray 2 this time, paper is the same as before. It jams after about twenty sheets.",
      .ask = "Is the paper from the new delivery, the one with the blue label?",
      .answer = "Yes, blue label.",
      .resolution = "The rollers of tray 2 were worn and have been replaced.",
      .steps = "1. Cleaned the paper path\n2. Replaced the pick-up rollers\n3. Printed 200 sheets "
               "without a jam",
      .recommendations = "Fan the paper before filling the tray, and do not fill above the mark.",
  },
  {
      .topic = "online-banking",
      .from = "branch",
      .priority = "high",
      .summary = "Standing order ran twice",
      .details = "Both on the 20th, the same reference, {amount} each. The customer stands at the "
                 "counter and wants to "
                 "know when the second one comes back.",
      .ask = "Was the order changed by the customer on the day before?",
      .answer = "Yes, the amount, in the app.",
      .note = "Changed after the cut-off: old and new version were both due. Same as the two cases "
              "last quarter.",
      .resolution = "The second payment was returned to the account. An order that is changed "
                    "after the cut-off now "
                    "replaces the old one.",
      .steps = "1. Returned the payment\n2. Checked all orders changed that evening: two more, "
               "returned as well\n"
               "3. Released the correction of the scheduler",
  },
  {
      .topic = "equipment",
      .from = "treasury",
      .summary = "New starter needs a laptop",
      .details = "Starts on the first of next month, the usual set-up. Desk {n} by the window, two "
                 "screens.",
      .ask = "Does the new colleague need access to the dealing system from the first day?",
      .answer = "From the second week is early enough.",
      .resolution = "The laptop is ready at the front desk, with two screens at desk {n}.",
      .steps = "1. Installed the standard image\n2. Added the treasury tools\n3. Signed in once "
               "with the starter's account",
      .recommendations = "The first sign-in takes a few minutes and needs the cable.",
  },
  {
      .topic = "printing",
      .from = "loans",
      .priority = "low",
      .summary = "Scanner sends upside-down pages",
      .details = "Every second page of a double-sided scan arrives upside down in the archive.",
      .resolution = "The scanner's profile \"Archive\" binds on the long edge again.",
      .steps = "1. Compared the profile with the other floors\n2. Set binding to the long edge\n3. "
               "Scanned a ten-page "
               "contract",
      .file = "scan-settings.txt",
  },
  {
      .topic = "atm",
      .from = "branch",
      .priority = "high",
      .summary = "Cash machine {n} keeps the card",
      .details = "Since {time} it has kept three cards. The screen goes back to the start page as "
                 "if nothing had happened.",
      .ask = "Is the machine out of order now, or are customers still using it?",
      .answer = "We put the sign up.",
      .note = "Card reader heater fails below 5 °C, the door does not close fully.",
      .resolution = "The card reader was replaced and the door was adjusted. The three cards are "
                    "at the counter.",
      .steps = "1. Took the machine out of service\n2. Field service replaced the reader\n3. Ten "
               "test withdrawals",
  },
  {
      .topic = "counter-system",
      .from = "branch",
      .priority = "urgent",
      .summary = "Counter system hangs when booking cash",
      .details = "The window turns grey after Confirm. After a minute it says the booking was "
                 "made, sometimes twice.",
      .ask = "Does it hang for every amount, or only above 10,000?",
      .answer = "Only the large ones.",
      .note = "Large amounts ask the screening service, whose certificate expired at midnight.",
      .resolution = "The screening service answers again, and the bookings that were made twice "
                    "have been cancelled.",
      .steps = "1. Renewed the certificate of the screening service\n2. Listed all bookings since "
               "midnight\n3. Cancelled "
               "four that were made twice",
      .recommendations =
          "Large amounts that were booked before {time} are worth a second look in the journal.",
  },
  {
      .topic = "access",
      .from = "compliance",
      .summary = "No access to the case archive",
      .details = "\"You are not a member of this group\". Worked until {day}.",
      .ask = "Did you change departments recently, or your name?",
      .answer = "Moved from floor {floor} to compliance at the start of the month.",
      .resolution = "Your account is in the compliance group now, and out of the old one.",
      .steps = "1. Asked the owner of the archive\n2. Changed the group\n3. Signed in again while "
               "on the phone",
      .recommendations = "Sign out and in once.",
  },
  {
      .topic = "cards",
      .from = "card-services",
      .priority = "high",
      .summary = "New cards arrive without PIN letters",
      .details =
          "Customers of branch {n} got the card a week ago, and no letter. So far eleven calls.",
      .ask = "Were the cards ordered before or after the {month} run?",
      .answer = "All after it.",
      .note = "The print shop got the file, but not the address list. They want it again in the "
              "old format.",
      .resolution = "The PIN letters of that run were printed and posted today.",
      .steps = "1. Sent the address list again\n2. Had the print shop confirm the count\n3. Wrote "
               "to the branches",
  },
  {
      .topic = "branch-computers",
      .from = "branch",
      .summary = "Computer at counter {n} restarts by itself",
      .details = "Three times since {time}, without a message. The one beside it is fine.",
      .ask = "Is it warm to the touch, and is the fan running?",
      .answer = "Warm, and the fan is loud.",
      .resolution = "The fan was full of dust, the computer switched itself off. It was cleaned.",
      .steps = "1. Read the temperature log\n2. Cleaned the fan\n3. Ran the load test for an hour",
      .file = "system-log.txt",
  },
  {
      .topic = "online-banking",
      .from = "call-centre",
      .priority = "high",
      .summary = "Text message codes come ten minutes late",
      .details = "Customers say the code is no longer valid when it arrives. About forty calls "
                 "since {time}.",
      .ask = "Is it all networks, or one?",
      .answer = "Nearly all on the same one.",
      .note =
          "The provider has a queue since their maintenance. We can send over the second provider.",
      .resolution =
          "Codes go out over the second provider until the first one has cleared its queue.",
      .steps = "1. Measured the delay per network\n2. Changed the route for that network\n3. Ten "
               "test codes, all under "
               "five seconds",
  },
  {
      .topic = "telephones",
      .from = "call-centre",
      .summary = "Headset has an echo",
      .details = "Callers hear themselves. Tried another headset, same echo.",
      .resolution = "The gain of the microphone was far too high after the update.",
      .steps = "1. Set the gain back to 60 %\n2. Test call in both directions",
  },
  {
      .topic = "statements",
      .from = "accounts",
      .summary = "Yearly tax statement has the wrong address",
      .details = "The customer moved in spring, the account has the new address, the statement the "
                 "old one.",
      .ask = "Does the delivery address in the archive differ from that of the account?",
      .answer = "Yes, there is an old delivery address that nobody remembers.",
      .resolution = "The old delivery address was removed, and a new statement was made.",
      .steps = "1. Compared both addresses\n2. Removed the old one\n3. Made the statement again",
  },
  {
      .topic = "security",
      .priority = "high",
      .summary = "Mail that looks like the payment portal",
      .details = "Came at {time}, asks to \"confirm the account\". The link does not go to us. I "
                 "did not click it.",
      .ask = "Did anybody else in {unit} get it?",
      .answer = "Two more, one of them opened the link and closed it at once.",
      .note = "Domain is a day old. Blocked on the gateway, password of the one who opened it was "
              "reset as a precaution.",
      .resolution = "The sender and the link are blocked for everybody. Nobody entered a password.",
      .steps = "1. Blocked sender and link\n2. Searched all mailboxes: 14 copies removed\n3. Reset "
               "one password",
      .recommendations = "Forward such mails as an attachment, then delete them.",
      .file = "mail-headers.txt",
  },
  {
      .topic = "vpn",
      .summary = "VPN asks for a certificate that has expired",
      .details = "\"Certificate expired on the 1st\". The laptop was not used for six weeks.",
      .resolution = "The laptop has a new certificate.",
      .steps = "1. Connected the laptop in the office\n2. Requested a new certificate\n3. Tested "
               "the VPN over a hotspot",
      .recommendations = "Connect once a month, and the certificate renews itself.",
  },
  {
      .topic = "equipment",
      .from = "loans",
      .priority = "low",
      .summary = "Second screen for desk {n}",
      .details = "For comparing contracts. The cable duct has room for one more.",
      .resolution = "The screen is on the desk and connected.",
      .steps = "1. Ordered from stock\n2. Connected, set to the same height as the first",
  },
  {
      .topic = "cards",
      .from = "branch",
      .summary = "Card blocked although the PIN was right",
      .details =
          "The customer used it abroad on {day}. At our machine it says \"Contact your branch\".",
      .ask = "Which country, and was it a withdrawal or a payment?",
      .answer = "A withdrawal, and a hotel before that.",
      .note = "Blocked by the fraud rule for two countries within an hour. False alarm, the hotel "
              "books from elsewhere.",
      .resolution =
          "The card is free again. The customer's trip is noted, so that the rule leaves it alone.",
      .steps = "1. Looked at the last five uses\n2. Called the customer back on the known "
               "number\n3. Released the card",
      .recommendations = "Customers can enter their journeys in the app under Cards › Abroad.",
  },
  {
      .topic = "branch-computers",
      .from = "branch",
      .summary = "Cannot sign in after the update",
      .details =
          "The computer at the advisor's desk asks for a network cable, which is plugged in.",
      .ask = "Does the light at the socket blink when the computer starts?",
      .answer = "It blinks once and goes dark.",
      .resolution = "The network driver was put back to the version before the update.",
      .steps = "1. Started from the recovery stick\n2. Put the driver back\n3. Held the update for "
               "this model",
  },
  {
      .topic = "counter-system",
      .from = "branch",
      .summary = "Receipts print without the branch name",
      .details = "Since the update on {day} the first line of the receipt is empty.",
      .resolution = "The receipt template has the branch name again.",
      .steps = "1. Compared templates\n2. Released the corrected one over night\n3. Test receipt "
               "in the morning",
      .file = "receipt.png",
  },
  {
      .topic = "online-banking",
      .summary = "Transfer limit cannot be raised",
      .details =
          "The customer enters {amount}, the page says the value is not valid. Lower amounts work.",
      .ask = "Is there a comma or a point in the amount?",
      .answer = "A point, as on the English page.",
      .resolution = "The English page takes amounts with a point again.",
      .steps = "1. Reproduced on the English page\n2. Released the correction\n3. Raised and "
               "lowered a limit in both languages",
  },
  {
      .topic = "payroll",
      .from = "payroll",
      .summary = "Time sheets of {month} are missing for one team",
      .details =
          "Nine people in {unit}'s list have an empty month. Their terminal shows the bookings.",
      .note = "Terminal {n} has the wrong time zone since it was replaced, its bookings lie in the "
              "future.",
      .resolution = "The bookings were shifted by the missing hours, and the terminal has the "
                    "right time zone.",
      .steps =
          "1. Read the terminal's own log\n2. Set the time zone\n3. Imported the bookings again",
  },
  {
      .topic = "access",
      .summary = "Password reset mail does not arrive",
      .details = "Asked three times, also looked in spam.",
      .ask = "Which address is shown, with dots in the middle, when you ask for the mail?",
      .answer = "It ends in a domain that I do not use any more.",
      .resolution = "The address was corrected, and the reset worked.",
      .steps = "1. Checked identity by calling back the desk phone\n2. Changed the address\n3. "
               "Sent the mail again",
  },
  {
      .topic = "atm",
      .from = "branch",
      .summary = "Cash machine {n} shows a black screen",
      .details = "It hums, the screen is dark. The service light is on.",
      .resolution = "The screen's cable had come loose. The machine is in service.",
      .steps = "1. Restarted from remote, screen stays dark\n2. Field service reseated the cable",
  },
  {
      .topic = "telephones",
      .from = "mailroom",
      .priority = "low",
      .summary = "Call forwarding goes to the old number",
      .details = "After {time} all calls should go to the front desk. They go to a number that "
                 "nobody knows.",
      .resolution = "Forwarding goes to the front desk, also over night.",
      .steps = "1. Looked up the old rule\n2. Replaced the number\n3. Test call after hours",
  },
  {
      .topic = "printing",
      .from = "branch",
      .summary = "Contracts print with boxes instead of letters",
      .details =
          "Names with accents come out as boxes. Only on the printer at the advisors' desks.",
      .ask = "Is it the same when you save as PDF and print that?",
      .answer = "The PDF is fine, the paper is not.",
      .resolution = "The printer's driver sends the fonts along again.",
      .steps = "1. Updated the driver\n2. Set fonts to \"always send\"\n3. Printed a contract with "
               "accents",
      .file = "contract-page.png",
  },
  {
      .topic = "card-terminals",
      .from = "branch",
      .summary = "Terminal {n} asks for a software update",
      .details = "It asks each morning, and each morning the update fails at 40 %.",
      .resolution = "The update was installed by cable.",
      .steps = "1. Freed the terminal's memory\n2. Installed by cable\n3. Test payment",
  },
  {
      .topic = "online-banking",
      .priority = "high",
      .summary = "App closes when the camera opens",
      .details = "Photo transfer of a bill: the app closes at once. Two phones of the same maker, "
                 "version 8.4.{n}.",
      .ask = "Does the app have permission to use the camera in the phone's settings?",
      .answer = "Yes, allowed.",
      .note = "Crash reports: only this maker, since their system update. Fixed in 8.5.",
      .resolution = "Version 8.5 of the app works with this phone again.",
      .steps = "1. Read the crash reports\n2. Tested 8.5 on the same model\n3. Released 8.5 to all "
               "customers",
      .recommendations = "Update the app from the store.",
      .file = "screenshot.png",
  },
  {
      .topic = "branch-computers",
      .from = "branch",
      .priority = "low",
      .summary = "Clock of the advisor's computer is five minutes fast",
      .details = "Appointments remind too early.",
      .resolution = "The computer takes the time from our server again.",
      .steps = "1. Switched time service on\n2. Compared with two others",
  },
  {
      .topic = "security",
      .from = "accounts",
      .priority = "urgent",
      .summary = "Supplier's account number changed by mail",
      .details = "The mail looks right, the account is in another country. {amount} is due on "
                 "{day}. Not paid yet.",
      .ask = "Can you call the supplier on the number you had before?",
      .answer = "Called. They know nothing of a new account.",
      .note = "Reported to the fraud team, reference in their system. Mail headers kept.",
      .resolution =
          "It was an attempt at fraud. Nothing was paid, the account is on the block list.",
      .steps = "1. Blocked the account\n2. Reported it\n3. Looked for earlier payments to it: none",
      .recommendations = "Call back on a known number before an account is changed. Always.",
  },
  {
      .topic = "equipment",
      .from = "marketing",
      .priority = "low",
      .summary = "Projector in the meeting room has no picture",
      .details = "It finds the laptop, then the picture goes away. Meeting on {day}.",
      .resolution = "The cable in the floor box was broken and has been replaced.",
      .steps = "1. Tried another laptop\n2. Replaced the cable",
  },
  {
      .topic = "vpn",
      .from = "audit",
      .summary = "No access to the file share over VPN",
      .details = "In the office it works. Over VPN the folder is empty.",
      .ask = "Is the drive letter there and empty, or not there at all?",
      .answer = "There, and empty.",
      .resolution = "The name of the share is found over VPN again.",
      .steps = "1. Compared name lookups inside and outside\n2. Added the missing search domain",
  },
  {
      .topic = "counter-system",
      .from = "branch",
      .priority = "high",
      .summary = "Signature pad is not found",
      .details = "At counter {n}. Unplugged it and plugged it in again, no change. Contracts wait.",
      .ask = "Is the pad's light white or orange?",
      .answer = "Orange.",
      .resolution = "The pad's own software was updated. It is found at every start.",
      .steps = "1. Tried the pad at another computer\n2. Updated its software\n3. Signed a test "
               "contract",
  },
  {
      .topic = "statements",
      .summary = "Archive search finds nothing before last year",
      .details = "The customer needs statements of the last three years. The search stops in "
                 "January of last year.",
      .note = "Older years moved to the slow archive in {month}; the search does not ask it.",
      .resolution = "The search asks both archives. Older statements take a few seconds.",
      .steps =
          "1. Switched the second archive on for searches\n2. Found statements of seven years back",
  },
  {
      .topic = "access",
      .from = "branch",
      .summary = "New colleague has no account",
      .details = "Starts today at {time}. The form was sent two weeks ago.",
      .ask = "Which date of start was on the form?",
      .answer = "The first of next month, by mistake.",
      .resolution = "The account is there since this morning.",
      .steps =
          "1. Corrected the date\n2. Made the account\n3. Handed over the first password in person",
  },
  {
      .topic = "cards",
      .summary = "Card does not work in the phone's wallet",
      .details = "Adding it ends with \"Your bank does not allow this\". Other cards of the same "
                 "kind work.",
      .ask = "Is it the main card or a partner card?",
      .answer = "A partner card.",
      .resolution = "Partner cards can be added to wallets.",
      .steps = "1. Found the missing right of the product\n2. Released the change\n3. Added a test "
               "card on two phones",
      .file = "screenshot.png",
  },
  {
      .topic = "payroll",
      .from = "facilities",
      .priority = "low",
      .summary = "Leave request cannot be sent",
      .details = "The button stays grey. All fields are filled in.",
      .resolution = "A substitute has to be named first; the form says so now.",
      .steps = "1. Filled in the form together\n2. Had the hint added to the form",
  },
  /* From here on: waiting in the demo, unless more open ones are asked for. */
  {
      .topic = "online-banking",
      .summary = "Customer sees the account of a former partner",
      .details = "Both accounts are in the overview. They separated in {month}.",
      .ask = "Is there a power of attorney that was never taken back? The form is in the archive "
             "under \"Authorities\".",
      .answer = "There is one, not taken back.",
      .resolution = "The authority ended with the signed form, the account is out of the overview.",
      .steps = "1. Had the form signed\n2. Ended the authority\n3. Checked the overview",
  },
  {
      .topic = "vpn",
      .from = "treasury",
      .summary = "Hotel network does not let the VPN through",
      .details = "At the conference until {day}. Mail works on the phone only.",
      .ask = "Which message does the client show, and does the hotspot of your phone work instead?",
      .answer = "\"No response from gateway\". The hotspot works.",
      .resolution = "The client falls back to port 443 when the usual one is closed.",
      .steps = "1. Switched the fallback on\n2. Tested with a closed port",
  },
  {
      .topic = "printing",
      .from = "audit",
      .summary = "Badge printing asks for a PIN",
      .details = "Holding the badge to the printer worked until {day}. Now it wants a PIN that "
                 "nobody has.",
      .ask = "Is your badge one of the new white ones?",
      .answer = "Yes, since last week.",
      .resolution = "The new badge is known to the printers.",
      .steps = "1. Read the badge's number\n2. Added it to the account",
  },
  {
      .topic = "branch-computers",
      .from = "branch",
      .summary = "Screen flickers at the advisor's desk",
      .details = "Mostly in the morning, for about an hour.",
      .ask = "Can you swap the cable with the one of the second screen, and tell us whether the "
             "flicker moves along?",
      .answer = "It moves with the cable.",
      .resolution = "A new cable was put in.",
      .steps = "1. Sent a cable with the internal mail",
  },
  {
      .topic = "cards",
      .from = "card-services",
      .summary = "Refund of {amount} is booked to the wrong card",
      .details = "The merchant used the number of the card that was replaced in {month}.",
      .ask = "Which reference does the merchant give, and which day?",
      .answer = "It is on the receipt, attached.",
      .resolution = "The refund is on the present card.",
      .steps = "1. Moved the refund\n2. Linked old and new card for twelve months",
      .file = "receipt.png",
  },
  {
      .topic = "access",
      .from = "loans",
      .summary = "Shared mailbox is empty",
      .details = "The mailbox of the team shows no mail since {time}. Colleagues see everything.",
      .ask = "Does it look the same in the browser?",
      .answer = "In the browser everything is there.",
      .resolution = "The mail program keeps its own copy of the mailbox, which was damaged and has "
                    "been made anew.",
      .steps = "1. Closed the program\n2. Removed its copy\n3. Waited for it to be filled again",
  },
  {
      .topic = "telephones",
      .from = "front-desk",
      .summary = "Display of the front desk phone is frozen",
      .details = "It rings, but the display shows {time} all day.",
      .ask = "Can you pull the network cable for a minute, and plug it in again?",
      .answer = "Done, the display is back.",
      .resolution = "The telephone was restarted and has the newest software.",
      .steps = "1. Restarted it by its cable\n2. Updated its software",
  },
  {
      .topic = "atm",
      .from = "branch",
      .summary = "Receipts of cash machine {n} are blank",
      .details = "Customers ask for receipts at the counter.",
      .ask = "Is the paper roll the right way round? The thermal side shows a dark line when "
             "scratched.",
      .answer = "It was the wrong way round.",
      .resolution = "The roll was turned.",
      .steps = "1. Turned the roll\n2. Test receipt",
  },
  {
      .topic = "equipment",
      .from = "compliance",
      .priority = "low",
      .summary = "Keyboard with another layout",
      .details = "The new one has the keys of another country.",
      .ask = "Wired or wireless?",
      .answer = "Wired, if possible.",
      .resolution = "The keyboard was exchanged.",
      .steps = "1. Exchanged it from stock",
  },
  {
      .topic = "online-banking",
      .from = "call-centre",
      .summary = "Chat window covers the sign-in button",
      .details = "On small screens. Customers cannot reach the button. About ten calls a day.",
      .ask = "Which browser do they name most?",
      .answer = "The one that comes with the phone.",
      .resolution = "The chat window stays small until it is opened.",
      .steps = "1. Changed the style of the page\n2. Looked at it on four phones",
      .file = "screenshot.png",
  },
  {
      .topic = "statements",
      .from = "branch",
      .summary = "Customer wants statements on paper again",
      .details = "Changed to electronic in {month}. The switch back is greyed out.",
      .ask = "Which account model is it? Some have electronic statements only.",
      .answer = "The basic one.",
      .resolution = "Paper statements are on, for the fee that the model asks for.",
      .steps = "1. Explained the fee\n2. Switched paper statements on",
  },
  {
      .topic = "counter-system",
      .from = "branch",
      .summary = "Till difference of {amount} after closing",
      .details = "The count is right, the system says otherwise. Two people counted.",
      .ask = "Can you send the journal of the till from {time} to closing?",
      .answer = "Attached.",
      .note = "One deposit was booked on the till of the day before.",
      .resolution = "The deposit was moved to the right day. The difference is gone.",
      .steps = "1. Compared journal and slips\n2. Moved one booking",
      .file = "journal.txt",
  },
  {
      .topic = "security",
      .from = "branch",
      .summary = "USB stick found in the self-service area",
      .details = "Nobody plugged it in. It says \"Salaries\".",
      .ask = "Put it in an envelope and send it by internal mail. Was anything connected to a "
             "computer?",
      .answer = "Nothing was connected.",
      .resolution =
          "The stick was examined on an isolated computer: harmless, a leftover of an exercise.",
      .steps = "1. Examined it\n2. Destroyed it",
      .recommendations = "Well done. Never plug in what you find.",
  },
  {
      .topic = "payroll",
      .summary = "Payslip cannot be downloaded",
      .details = "\"Document is being prepared\" since {day}.",
      .ask = "Does it happen for all months, or only for {month}?",
      .answer = "Only that one.",
      .resolution = "The document was made again.",
      .steps = "1. Started the job for one person\n2. Looked for others: none",
  },
  {
      .topic = "card-terminals",
      .from = "branch",
      .summary = "Contactless does not work at terminal {n}",
      .details = "Inserting the card works. Holding it up does nothing.",
      .ask = "Do phones work when held up, or neither phones nor cards?",
      .answer = "Neither.",
      .resolution = "The terminal was exchanged.",
      .steps = "1. Sent a terminal by courier\n2. Took the old one back",
  },
  /* From here on: resolved in the demo. */
  {
      .topic = "online-banking",
      .from = "branch",
      .summary = "Page with exchange rates is empty",
      .details = "The table has a head and no rows since {time}.",
      .note = "The provider of rates changed its address without notice.",
      .resolution = "The rates are back. They come from the new address of the provider.",
      .steps =
          "1. Followed the request to the provider\n2. Changed the address\n3. Compared ten rates",
      .recommendations =
          "Rates of this morning are worth comparing before they are used in contracts.",
  },
  {
      .topic = "access",
      .from = "marketing",
      .summary = "Account locked after the holiday",
      .details = "Three tries with the old password, then locked.",
      .resolution = "The account is free again, with a new password.",
      .steps = "1. Called back on the desk phone\n2. Unlocked\n3. New password set together",
  },
  {
      .topic = "printing",
      .from = "branch",
      .summary = "Label printer prints two labels for one",
      .details = "Each label comes twice, the second one empty.",
      .resolution = "The sensor was set to the new label size.",
      .steps = "1. Calibrated the sensor\n2. Printed twenty labels",
  },
  {
      .topic = "vpn",
      .from = "loans",
      .summary = "VPN very slow in the evening",
      .details = "From about {time} on, opening a contract takes a minute.",
      .note = "Backups of the branches start at the same time and go over the same line.",
      .resolution = "Backups start later and take only what the line has left.",
      .steps =
          "1. Measured the line for two evenings\n2. Moved the backups to 22:00\n3. Measured again",
  },
  {
      .topic = "cards",
      .from = "call-centre",
      .priority = "high",
      .summary = "Hotline cannot block cards",
      .details =
          "The page answers \"Not available\". We block by phone with the processor for now.",
      .resolution = "Cards can be blocked from the page again.",
      .steps = "1. Restarted the connector to the processor\n2. Blocked and released a test "
               "card\n3. Set an alarm on it",
      .recommendations = "The number of the processor stays on the notice board for such cases.",
  },
  {
      .topic = "branch-computers",
      .from = "branch",
      .summary = "Drive is full at counter {n}",
      .details = "\"Less than 1 % free\". Programs start slowly.",
      .resolution = "Old update files were removed, half of the drive is free.",
      .steps = "1. Removed update files\n2. Set the clean-up to weekly",
  },
  {
      .topic = "equipment",
      .from = "mailroom",
      .summary = "Franking machine does not take credit",
      .details = "It dials, and says \"No connection\".",
      .resolution = "The machine uses the network instead of the old telephone line.",
      .steps = "1. Connected it to the network\n2. Loaded credit",
  },
  {
      .topic = "counter-system",
      .from = "branch",
      .summary = "Customer search is slow",
      .details = "A name takes twenty seconds, a number is quick.",
      .note = "Index on names was dropped by the release and not made again.",
      .resolution = "Names are found at once again.",
      .steps = "1. Made the index again over night\n2. Measured: 0.2 s",
  },
  {
      .topic = "statements",
      .from = "audit",
      .summary = "Export for the auditors has a gap",
      .details = "Two days of {month} are missing in the file.",
      .resolution = "The export was made again and is complete.",
      .steps = "1. Found a job that had stopped on a full disk\n2. Made the export again\n3. "
               "Compared the counts per day",
  },
  {
      .topic = "telephones",
      .from = "branch",
      .summary = "Calls are cut off after 30 seconds",
      .details = "Only calls from outside. Internal ones are fine.",
      .resolution = "The new line keeps calls open.",
      .steps =
          "1. Recorded the signalling of a call\n2. Had the provider correct the session timer",
  },
  {
      .topic = "atm",
      .from = "branch",
      .summary = "Cash machine {n} takes no deposits",
      .details = "The slot stays closed. Withdrawals work.",
      .resolution = "A note was stuck in the slot and has been removed.",
      .steps = "1. Field service opened the slot\n2. Ten test deposits\n3. Counted the cassette",
  },
  {
      .topic = "payroll",
      .from = "payroll",
      .summary = "Travel expenses are paid twice",
      .details = "Four people in {month}. The sums are {amount} together.",
      .note = "The file was sent twice, the bank's own check only looks at the file name.",
      .resolution = "The second payment is taken back with the next salary, the four people know.",
      .steps =
          "1. Compared both files\n2. Told the four people\n3. Sending a file twice is refused now",
  },
};
const guint desk_demo_n_cases = G_N_ELEMENTS (desk_demo_cases);

const DeskDemoOwnCase desk_demo_own_cases[] = {
  {
    .text = {
      .topic = "equipment",
      .from = "karen",
      .summary = "Second screen stays black",
      .details = "It came back after the restart, then went black again.",
      .resolution = "The screen has a new power supply.",
      .steps = "1. Exchanged the power supply",
      .file = "screenshot.png",
    },
    .status = DESK_STATUS_OPEN,
    .days_ago = 0,
  },
  {
    .text = {
      .topic = "access",
      .from = "karen",
      .summary = "Access to the loan archive",
      .details = "For the review in December I need to read the archive of the branches.",
      .ask = "Which branch should it cover?",
      .answer = "Branch 14 and Branch 9.",
    },
    .status = DESK_STATUS_WAITING,
    .days_ago = 1,
  },
  {
    .text = {
      .topic = "online-banking",
      .from = "karen",
      .summary = "Mobile banking is slow",
      .details = "The overview takes half a minute in the morning.",
      .ask = "Is it slow on the office network, outside, or on both?",
      .answer = "Both.",
      .note = "Morning batch and overview read the same table. The batch is to run earlier.",
      .resolution = "The morning batch runs an hour earlier, so the overview opens at once.",
      .steps = "1. Measured the overview at 8:00 and at 10:00\n2. Moved the batch to 5:00",
      .recommendations = "If it is slow again, note the time and tell us.",
    },
    .status = DESK_STATUS_CLOSED,
    .days_ago = 10,
  },
  {
    .text = {
      .topic = "telephones",
      .from = "karen",
      .summary = "Headset has no sound",
      .details = "The light is on, I hear nothing. The old one works.",
      .resolution = "The headset was set to another device. It is the first choice now.",
      .steps = "1. Chose the headset in the sound settings\n2. Test call",
    },
    .status = DESK_STATUS_CLOSED,
    .days_ago = 10,
  },
  {
    .text = {
      .topic = "access",
      .from = "karen",
      .summary = "New badge photo",
      .details = "The one on my badge is from another century.",
      .resolution = "The new badge is at the front desk.",
      .steps = "1. Took the photo over\n2. Printed the badge",
    },
    .status = DESK_STATUS_CLOSED,
    .days_ago = 19,
  },
};
const guint desk_demo_n_own_cases = G_N_ELEMENTS (desk_demo_own_cases);

const char *const desk_demo_replies[] = {
  "Thank you. We see the fault from our side and are working on it.",
  "This is known to us. We will tell you as soon as it works again.",
  "I have passed this on to field service. They call before they come.",
  "I can reproduce it here. A correction is being tested.",
  "We have tried something on our side. Does it look better now?",
  "A colleague comes by today, before {time} if the traffic lets us.",
  "The cause is found. The change goes out this evening after closing.",
  "For now the other counter can do it. We keep this open until it is mended.",
  NULL,
};

const char *const desk_demo_notes[] = {
  "Same fault as two others this week. Looks like one cause.",
  "Vendor has a case for this. They ask for logs by {day}.",
  "Spare part is in stock on floor {floor}.",
  "Do not promise a time yet, the change has to be approved first.",
  "Called back, spoke to {unit}. They can live with it until tomorrow.",
  "Log around {time} shows a timeout, nothing else.",
  NULL,
};

const char *const desk_demo_asks[] = {
  "Since when exactly, and does it happen every time?",
  "Can you send us a picture of the message?",
  "Does it also happen at the computer beside it?",
  "Which name or number is on the device's label?",
  NULL,
};

const char *const desk_demo_answers[] = {
  "Since {time}, every time.",
  "It is just one line: error {n}, and a button to go on.",
  "Only here, the one beside it is fine.",
  "The label says {n}-{floor}-014.",
  NULL,
};

const char *const desk_demo_news[] = {
  "It happened again at {time}.",
  "Now a colleague has it too.",
  "Is there news? Customers ask.",
  "For the moment it works. I will tell you if it comes back.",
  NULL,
};

const char *const desk_demo_first_tries[] = {
  "We restarted the service, and it answers again.",
  "The device was reset from here and looks fine now.",
  "The settings were wrong and have been corrected.",
  NULL,
};

const char *const desk_demo_not_yets[] = {
  "Not yet: it worked for an hour, then the same again.",
  "It is better, but it still happens once in a while.",
  "Works at one desk, not at the other.",
  NULL,
};

const char *const desk_demo_reasons[] = {
  "The same as another ticket of {unit}, which stays open.",
  "No answer for a week. Write to us if it comes back.",
  "This is not ours; the vendor's hotline has taken it over.",
  "Did not happen again in five days of watching.",
  NULL,
};
