/**
 * Everything that page, site and report say, in English and in German. A word of a verdict keeps its English word, in capitals and
 * brackets, beside it; names of files, flags, commands and codes stay as they are.
 */
export const GERMAN = {
  // Amounts, instants, prices and how keys came to be.
  'gained for each unit that the price of the underlying rises':
    'gewonnen für jede Einheit, um die der Preis des Basiswerts steigt',
  'by how much delta rises for that': 'um so viel steigt das Delta dafür',
  'gained for each percent point of volatility': 'gewonnen für jeden Prozentpunkt Volatilität',
  'gained for each day that passes': 'gewonnen für jeden Tag, der vergeht',
  'Proven: the amounts that you hold and owe, and that the lines of your statement add up to them.':
    'Bewiesen: die Beträge, die Sie halten und schulden, und dass die Posten Ihrer Aufstellung sie ergeben.',
  'Arithmetic on top, by no proof: all that stands here. It is made from those lines and from the prices that the platform states. What is marked ≈ is computed with rounded numbers, and held to the exact value of each line.':
    'Darüber hinaus gerechnet und durch keinen Beweis gezeigt: alles, was hier steht. Es folgt aus diesen Posten und aus den Preisen, die die Plattform angibt. Was mit ≈ bezeichnet ist, wurde mit gerundeten Zahlen gerechnet und an den genauen Wert jedes Postens gehalten.',
  'Proven: the amounts that you hold and owe.': 'Bewiesen: die Beträge, die Sie halten und schulden.',
  'Arithmetic on top, by no proof: all that stands here. It is made from those amounts and from the prices that the platform states. What is marked ≈ is computed with rounded numbers, and held to the exact value of each line.':
    'Darüber hinaus gerechnet und durch keinen Beweis gezeigt: alles, was hier steht. Es folgt aus diesen Beträgen und aus den Preisen, die die Plattform angibt. Was mit ≈ bezeichnet ist, wurde mit gerundeten Zahlen gerechnet und an den genauen Wert jedes Postens gehalten.',
  'out of range': 'außerhalb des Bereichs',
  'At the prices that the platform states your account is worth {worth} {quote}.':
    'Zu den Preisen, die die Plattform angibt, ist Ihr Konto {worth} {quote} wert.',
  'You owe nothing, so there is nothing to cover.': 'Sie schulden nichts, also ist nichts zu decken.',
  'At the prices that the platform states your account is worth {worth} {quote}: you hold {held} {quote} and owe {owed} {quote}.':
    'Zu den Preisen, die die Plattform angibt, ist Ihr Konto {worth} {quote} wert: Sie halten {held} {quote} und schulden {owed} {quote}.',
  'The cover of your account is {cover} {quote}: as collateral, what you hold counts for so much more than you owe.':
    'Die Deckung Ihres Kontos beträgt {cover} {quote}: Um so viel zählt das, was Sie halten, als Sicherheit mehr, als Sie schulden.',
  'There is no cover to spare: the least move against it ends it.':
    'Es ist keine Deckung übrig: Die kleinste Bewegung dagegen beendet sie.',
  'No asset alone can end it: not at forty times its price, and not at a fortieth of it.':
    'Kein Wert allein kann sie beenden: nicht beim Vierzigfachen seines Preises und nicht bei einem Vierzigstel davon.',
  ', to {price} {quote}': ', auf {price} {quote}',
  'Cover ends if {asset} falls by {move}{at}, and all else stays.':
    'Die Deckung endet, wenn {asset} um {move} fällt{at} und alles andere gleich bleibt.',
  'Cover ends if {asset} rises by {move}{at}, and all else stays.':
    'Die Deckung endet, wenn {asset} um {move} steigt{at} und alles andere gleich bleibt.',
  '{count} others': '{count} weitere',
  no: 'keine',
  '{least} or {most}': '{least} oder {most}',
  '{least} to {most}': '{least} bis {most}',
  'not stated: the premium was paid or got at the opening':
    'nicht angegeben: Die Prämie wurde bei der Eröffnung bezahlt oder erhalten',
  'units of the quote currency': 'Einheiten der Kurswährung',
  'Short {count} contracts, each of {size} {unit}.':
    'Verkauft (short): {count} Kontrakte zu je {size} {unit}.',
  'Long {count} contracts, each of {size} {unit}.': 'Gekauft (long): {count} Kontrakte zu je {size} {unit}.',
  'It has expired and is worth what it pays.': 'Sie ist abgelaufen und ist wert, was sie auszahlt.',
  'It gains as {underlying} falls.': 'Sie gewinnt, wenn {underlying} fällt.',
  'It gains as {underlying} rises.': 'Sie gewinnt, wenn {underlying} steigt.',
  'Its buyer may buy {underlying} at {strike}, until {expiry}, and you stand for that.':
    'Wer sie gekauft hat, darf {underlying} zu {strike} kaufen, bis {expiry}, und Sie stehen dafür ein.',
  'You may buy {underlying} at {strike}, until {expiry}.':
    'Sie dürfen {underlying} zu {strike} kaufen, bis {expiry}.',
  'Its buyer may sell {underlying} at {strike}, until {expiry}, and you stand for that.':
    'Wer sie gekauft hat, darf {underlying} zu {strike} verkaufen, bis {expiry}, und Sie stehen dafür ein.',
  'You may sell {underlying} at {strike}, until {expiry}.':
    'Sie dürfen {underlying} zu {strike} verkaufen, bis {expiry}.',
  'Now at {price}.': 'Jetzt bei {price}.',
  passed: 'bestanden',
  FAILED: 'NICHT BESTANDEN',
  'not made': 'nicht geprüft',
  'INSECURE: development keys, whose maker can prove anything':
    'UNSICHER (INSECURE): Entwicklungsschlüssel; wer sie gemacht hat, kann alles beweisen',
  'UNTRUSTED powers of tau': 'NICHT VERTRAUENSWÜRDIGE Powers of Tau (UNTRUSTED)',
  'a ceremony of {contributions}, signed by {keys}, closed by {beacon}':
    'eine Zeremonie mit {contributions}, signiert mit {keys}, abgeschlossen durch {beacon}',
  'shown: {counted}, with transcript {hash}; it names {powers}':
    'gezeigt: {counted}, mit der Mitschrift {hash}; sie nennt {powers}',
  'stated: {counted}, on {powers}, with transcript {hash}':
    'angegeben: {counted}, auf {powers}, mit der Mitschrift {hash}',
  'of a ceremony: stated, not shown': 'aus einer Zeremonie: angegeben, nicht gezeigt',
  ', {count} of them pinned by you': ', davon {count} von Ihnen vorgegeben',
  'of a ceremony, shown: {contributions}, signed by {keys}':
    'aus einer Zeremonie, gezeigt: mit {contributions}, signiert mit {keys}',
  '1 contribution': 'einem Beitrag',
  '{count} contributions': '{count} Beiträgen',
  '1 different key': 'einem einzigen Schlüssel',
  '{count} different keys': '{count} verschiedenen Schlüsseln',
  'not stated: balances were taken as they are':
    'nicht angegeben: Die Bestände wurden übernommen, wie sie sind',
  'not stated': 'nicht angegeben',
  'balances with the ledger': 'Salden mit dem Hauptbuch',
  'assets with control accounts': 'Werte mit Abstimmungskonten',
  'instruments, longs with shorts': 'Instrumente, Käufe mit Verkäufen',
  '{count} of {kind}, {difference} {unit} in all and {magnitude} without signs':
    '{count} der Art {kind}, {difference} {unit} insgesamt und {magnitude} ohne Vorzeichen',
  contracts: 'Kontrakte',
  none: 'keine',
  '{debt}, of {count} account': '{debt}, von {count} Konto',
  '{debt}, of {count} accounts': '{debt}, von {count} Konten',
  'no {nouns}': 'keine {nouns}',
  'all {nouns}': 'alle {nouns}',
  'at most {age} old': 'höchstens {age} alt',
  '{asset} of {account}': '{asset} von {account}',
  '{asset} of {account}, isolated {isolated}': '{asset} von {account}, isoliert {isolated}',
  'settlement: {source}': 'Abrechnung: {source}',
  'forward {price} {asset} ({source})': 'Terminpreis {price} {asset} ({source})',
  'volatility {value} ({source})': 'Volatilität {value} ({source})',
  'rate {rate} {dayCount}': 'Zinssatz {rate} {dayCount}',
  Balance: 'Guthaben',
  'Held by open orders': 'Von offenen Aufträgen gebunden',
  'Collateral posted': 'Gestellte Sicherheit',
  'Collateral received': 'Erhaltene Sicherheit',
  Loan: 'Darlehen',
  Interest: 'Zinsen',
  'Realised result': 'Realisiertes Ergebnis',
  Funding: 'Finanzierung (Funding)',
  'Withdrawal on its way': 'Auszahlung unterwegs',
  'Deposit on its way': 'Einzahlung unterwegs',
  'Isolated margin': 'Isolierte Margin',
  Futures: 'Futures',
  Options: 'Optionen',
  'Loss beyond the margin, let go of': 'Verlust über die Margin hinaus, erlassen',
  'Debt written off': 'Abgeschriebene Schuld',
  '{price}, entered at {entry}': '{price}, eröffnet zu {entry}',

  // The verifier: its report as text and as a page.
  'Download the file again from the platform; if it stays the same, the platform did not publish a proof: ask it why.':
    'Laden Sie die Datei noch einmal von der Plattform; bleibt sie gleich, hat die Plattform keinen Beweis veröffentlicht: Fragen Sie, warum.',
  'Do not rely on this snapshot: what it states is not shown. Keep the files and the manifest hash, and ask the platform.':
    'Verlassen Sie sich nicht auf diese Momentaufnahme: Was sie angibt, ist nicht gezeigt. Bewahren Sie die Dateien und die Prüfsumme des Manifests auf, und fragen Sie die Plattform.',
  'Compare your trust file with one from a public place; if it is right, the platform used other circuits or keys.':
    'Vergleichen Sie Ihre Vertrauensdatei mit einer von einer öffentlichen Stelle; stimmt sie, hat die Plattform andere Schaltkreise oder Schlüssel verwendet.',
  'Get the evidence again; if it stays the same, ask the platform for one that its own verifier passes.':
    'Holen Sie den Beleg noch einmal; bleibt er gleich, verlangen Sie von der Plattform einen, den ihr eigenes Prüfprogramm annimmt.',
  'Do not believe what is stated of the ceremony. Get ceremony.json again from the platform; if it stays the same, the keys are not shown to be of any ceremony.':
    'Glauben Sie nicht, was über die Zeremonie angegeben ist. Holen Sie ceremony.json noch einmal von der Plattform; bleibt sie gleich, ist von den Schlüsseln nicht gezeigt, dass sie aus einer Zeremonie sind.',
  'Ask the platform for your inclusion file of this snapshot again; if it stays the same, your account is not shown to be in the totals.':
    'Verlangen Sie von der Plattform noch einmal Ihre Nachweisdatei zu dieser Momentaufnahme; bleibt sie gleich, ist nicht gezeigt, dass Ihr Konto in den Summen ist.',
  'Keep the file: the line contradicts itself or the published prices. Ask the platform which of them is right.':
    'Bewahren Sie die Datei auf: Der Posten widerspricht sich selbst oder den veröffentlichten Preisen. Fragen Sie die Plattform, was davon stimmt.',
  'A file or line is not JSON in UTF-8.': 'Eine Datei oder Zeile ist kein JSON in UTF-8.',
  'A file or line is JSON, but not in its one canonical spelling.':
    'Eine Datei oder Zeile ist JSON, aber nicht in seiner einen kanonischen Schreibweise.',
  'A file or line is nested deeper than any published format.':
    'Eine Datei oder Zeile ist tiefer verschachtelt als jedes veröffentlichte Format.',
  'A file or line is larger than its format allows.':
    'Eine Datei oder Zeile ist größer, als ihr Format erlaubt.',
  'A file is of a format or version that this verifier does not know.':
    'Eine Datei hat ein Format oder eine Version, die dieses Prüfprogramm nicht kennt.',
  'Use a verifier that knows this version, or the file that this command asks for.':
    'Verwenden Sie ein Prüfprogramm, das diese Version kennt, oder die Datei, die dieses Kommando verlangt.',
  'A field is missing, unknown, of another type or out of its range.':
    'Ein Feld fehlt, ist unbekannt, von anderer Art oder außerhalb seines Bereichs.',
  'Bytes are not in their one form of text.': 'Bytes stehen nicht in ihrer einen Textform.',
  'The inclusion file does not have the size of its format.':
    'Die Nachweisdatei hat nicht die Größe ihres Formats.',
  'The inclusion file is larger than its format allows.':
    'Die Nachweisdatei ist größer, als ihr Format erlaubt.',
  'A line is longer than any of its format.': 'Eine Zeile ist länger als jede ihres Formats.',
  'The last line of a list has no line feed: the file was cut off.':
    'Die letzte Zeile einer Liste hat keinen Zeilenvorschub: Die Datei wurde abgeschnitten.',
  'The manifest states an amount of an asset that it does not list.':
    'Das Manifest nennt einen Betrag in einem Wert, den es nicht aufführt.',
  'A rounding, a write-off or an accepted break does not fit the totals and counts beside it.':
    'Eine Rundung, eine Abschreibung oder eine hingenommene Abweichung passt nicht zu den Summen und Anzahlen daneben.',
  'The circuits of the manifest disagree with themselves: names or tags.':
    'Die Schaltkreise des Manifests widersprechen einander: in Namen oder Kennungen.',
  'There are more proofs than this verifier reads.': 'Es gibt mehr Beweise, als dieses Prüfprogramm liest.',
  'There are not as many commitments and proofs of each circuit, in order, as stated.':
    'Es gibt nicht so viele Commitments und Beweise jedes Schaltkreises, in ihrer Reihenfolge, wie angegeben.',
  'Two commitments have the same digest.': 'Zwei Commitments haben dieselbe Prüfsumme.',
  'A point is not one of the curve in its one form.': 'Ein Punkt ist keiner der Kurve in seiner einen Form.',
  'The manifest is signed under another key than the one you pinned.':
    'Das Manifest ist mit einem anderen Schlüssel signiert als dem, den Sie vorgegeben haben.',
  'Compare the signing key of your trust file with the platform’s public announcement of it.':
    'Vergleichen Sie den Signaturschlüssel Ihrer Vertrauensdatei mit dem, den die Plattform öffentlich bekannt gegeben hat.',
  'The signature is not one of this manifest: somebody changed it after it was signed.':
    'Die Signatur gehört nicht zu diesem Manifest: Es wurde geändert, nachdem es signiert war.',
  'The manifest is one of another platform than the one you pinned.':
    'Das Manifest ist von einer anderen Plattform als der, die Sie vorgegeben haben.',
  'Bring the trust file of the platform whose manifest this is.':
    'Nehmen Sie die Vertrauensdatei der Plattform, von der dieses Manifest ist.',
  'This manifest is not the one whose hash you brought: others were shown another one.':
    'Dieses Manifest ist nicht das, dessen Prüfsumme Sie angegeben haben: Anderen wurde ein anderes gezeigt.',
  'Keep both hashes and the files: two manifests for one snapshot are evidence against the platform.':
    'Bewahren Sie beide Prüfsummen und die Dateien auf: Zwei Manifeste zu einer Momentaufnahme sind ein Beleg gegen die Plattform.',
  'The manifest does not follow the one whose hash you brought.':
    'Das Manifest folgt nicht auf das, dessen Prüfsumme Sie angegeben haben.',
  'Ask the platform for every manifest between the two: a snapshot may have been withdrawn.':
    'Verlangen Sie von der Plattform jedes Manifest zwischen den beiden: Eine Momentaufnahme kann zurückgezogen worden sein.',
  'The snapshot is of an instant that is not there yet.':
    'Die Momentaufnahme ist von einem Zeitpunkt, der noch nicht da ist.',
  'Set your clock right; if it is, nobody can have taken this snapshot: ask the platform.':
    'Stellen Sie Ihre Uhr richtig; geht sie richtig, kann niemand diese Momentaufnahme gemacht haben: Fragen Sie die Plattform.',
  'The evidence is of another registry than the one you pinned.':
    'Der Beleg ist von einem anderen Register als dem, das Sie vorgegeben haben.',
  'Compare the registry of your pins with the platform’s public announcement of it.':
    'Vergleichen Sie das Register Ihrer Vorgaben mit dem, das die Plattform öffentlich bekannt gegeben hat.',
  'The evidence is of another block than the one you pinned.':
    'Der Beleg ist von einem anderen Block als dem, den Sie vorgegeben haben.',
  'Ask the platform for evidence at the block you pinned, or pin the block it is of once you know it from elsewhere.':
    'Verlangen Sie von der Plattform einen Beleg zu Ihrem Block, oder geben Sie den Block des Belegs vor, sobald Sie ihn von anderer Stelle kennen.',
  'The evidence does not show what the registry holds.': 'Der Beleg zeigt nicht, was im Register steht.',
  'The registry lets instants be closer to each other than the manifest says.':
    'Das Register lässt Zeitpunkte näher beieinander zu, als das Manifest sagt.',
  'Ask the platform for a registry that keeps the distance that it states.':
    'Verlangen Sie von der Plattform ein Register, das den angegebenen Abstand einhält.',
  'The registry holds no manifest of this instant.': 'Im Register steht kein Manifest zu diesem Zeitpunkt.',
  'Ask the platform to write the manifest into its registry, or pin a later block with new evidence.':
    'Verlangen Sie von der Plattform, das Manifest in ihr Register zu schreiben, oder geben Sie einen späteren Block mit neuem Beleg vor.',
  'The registry holds another manifest for this instant: others were shown that one.':
    'Im Register steht zu diesem Zeitpunkt ein anderes Manifest: Anderen wurde jenes gezeigt.',
  'Keep the files and the evidence: two manifests for one instant are evidence against the platform.':
    'Bewahren Sie die Dateien und den Beleg auf: Zwei Manifeste zu einem Zeitpunkt sind ein Beleg gegen die Plattform.',
  'The proof does not show that the manifest is in the log.':
    'Der Beleg zeigt nicht, dass das Manifest im Protokoll steht.',
  'The manifest names another profile of circuits than the one you pinned.':
    'Das Manifest nennt ein anderes Profil von Schaltkreisen als das, das Sie vorgegeben haben.',
  'The manifest uses a circuit that you did not pin.':
    'Das Manifest verwendet einen Schaltkreis, den Sie nicht vorgegeben haben.',
  'The manifest lacks a circuit that you pinned.':
    'Im Manifest fehlt ein Schaltkreis, den Sie vorgegeben haben.',
  'A circuit has another layout than the one you pinned.':
    'Ein Schaltkreis ist anders aufgebaut als der, den Sie vorgegeben haben.',
  'A verification key is not the one you pinned.':
    'Ein Prüfschlüssel ist nicht der, den Sie vorgegeben haben.',
  'A verification key is stated to be made in another way than you pinned.':
    'Ein Prüfschlüssel ist nach den Angaben anders entstanden, als Sie vorgegeben haben.',
  'A verification key is for another number of public signals.':
    'Ein Prüfschlüssel ist für eine andere Anzahl öffentlicher Werte.',
  'A point of a verification key is the point at infinity.':
    'Ein Punkt eines Prüfschlüssels ist der unendlich ferne Punkt.',
  'A point of a verification key is not on its curve.':
    'Ein Punkt eines Prüfschlüssels liegt nicht auf seiner Kurve.',
  'A point of a verification key is outside the prime-order subgroup.':
    'Ein Punkt eines Prüfschlüssels liegt außerhalb der Untergruppe mit Primzahlordnung.',
  'A verification key accepts proofs that anyone can make without a witness.':
    'Ein Prüfschlüssel nimmt Beweise an, die jeder ohne Kenntnis der Werte machen kann.',
  'Two circuits have the same verification key.': 'Zwei Schaltkreise haben denselben Prüfschlüssel.',
  'The keys are development keys: whoever made them can prove anything.':
    'Die Schlüssel sind Entwicklungsschlüssel: Wer sie gemacht hat, kann alles beweisen.',
  'Ask for a snapshot proven under keys of a ceremony. For a test, repeat with --allow-development-keys.':
    'Verlangen Sie eine Momentaufnahme, die mit Schlüsseln aus einer Zeremonie bewiesen ist. Zum Test wiederholen Sie mit --allow-development-keys.',
  'The evidence of the ceremony contradicts itself: a step of it does not follow from the one before.':
    'Der Beleg der Zeremonie widerspricht sich: Ein Schritt folgt nicht aus dem davor.',
  'A contribution of the ceremony is not signed by the key that it names.':
    'Ein Beitrag zur Zeremonie ist nicht mit dem Schlüssel signiert, den er nennt.',
  'The value that closed the ceremony is not the one that it had announced.':
    'Der Wert, der die Zeremonie abschloss, ist nicht der, den sie angekündigt hatte.',
  'The evidence is of another ceremony than the keys are stated to be from, or of other numbers.':
    'Der Beleg ist von einer anderen Zeremonie als der, aus der die Schlüssel sein sollen, oder nennt andere Zahlen.',
  'A contribution to a key is not one: its points do not follow, or nobody shows to have known its factor.':
    'Ein Beitrag zu einem Schlüssel ist keiner: Seine Punkte folgen nicht, oder niemand zeigt, den Faktor gekannt zu haben.',
  'A key is not the one that the ceremony’s contributions made.':
    'Ein Schlüssel ist nicht der, den die Beiträge der Zeremonie ergaben.',
  'The manifest states another scale than its prices give.':
    'Das Manifest gibt eine andere Skala an, als seine Preise ergeben.',
  'An asset of price 0 is owed by users: debt in it would be free.':
    'Ein Wert mit dem Preis 0 wird von Nutzern geschuldet: Schulden darin wären umsonst.',
  'The quote currency is listed at a price other than 1 of itself.':
    'Die Kurswährung ist mit einem anderen Preis als 1 in sich selbst aufgeführt.',
  'A price is so small that rounding would eat it.':
    'Ein Preis ist so klein, dass ihn die Rundung verschlucken würde.',
  'A price is too large for the circuits.': 'Ein Preis ist zu groß für die Schaltkreise.',
  'A collateral ratio is above 1.': 'Ein Anrechnungssatz für Sicherheiten liegt über 1.',
  'A price or ratio has more digits than prices may have.':
    'Ein Preis oder Satz hat mehr Stellen, als Preise haben dürfen.',
  'The commitments are not those that the manifest pins.':
    'Die Commitments sind nicht die, die das Manifest festlegt.',
  'A challenge is one that would void a check.':
    'Eine Prüfzahl ist eine, die eine Prüfung wertlos machen würde.',
  'A proof does not prove its batch under the key of its circuit.':
    'Ein Beweis beweist seinen Stapel nicht unter dem Schlüssel seines Schaltkreises.',
  'The proofs do not add up to the published totals.':
    'Die Beweise ergeben zusammen nicht die veröffentlichten Summen.',
  'The weighted totals are not as many as the assets ask for.':
    'Es gibt nicht so viele gewichtete Summen, wie die Werte verlangen.',
  'The proofs do not show that collateral covers all debts.':
    'Die Beweise zeigen nicht, dass Sicherheiten alle Schulden decken.',
  'The inclusion file is of another snapshot than the manifest.':
    'Die Nachweisdatei ist von einer anderen Momentaufnahme als das Manifest.',
  'Bring the manifest of the same snapshot, or ask the platform for your file of this one.':
    'Nehmen Sie das Manifest derselben Momentaufnahme, oder verlangen Sie von der Plattform Ihre Datei zu dieser.',
  'The file does not show all parts of the account.': 'Die Datei zeigt nicht alle Teile des Kontos.',
  'The parts of the file are not those of the account in their order.':
    'Die Teile der Datei sind nicht die des Kontos in ihrer Reihenfolge.',
  'Two parts of the file are one row.': 'Zwei Teile der Datei sind dieselbe Zeile.',
  'The file does not show exactly the groups that its parts are in.':
    'Die Datei zeigt nicht genau die Gruppen, in denen ihre Teile sind.',
  'The amounts of a part are not in their one form, or do not cover its debts.':
    'Die Beträge eines Teils stehen nicht in ihrer einen Form oder decken seine Schulden nicht.',
  'A row is not a commitment to the amounts shown.':
    'Eine Zeile ist kein Commitment auf die gezeigten Beträge.',
  'A row is not one of the id that you gave, with this statement.':
    'Eine Zeile gehört nicht zu der Kennung, die Sie angegeben haben, mit dieser Aufstellung.',
  'A group of rows is not the one that its batch commits to.':
    'Eine Gruppe von Zeilen ist nicht die, auf die sich ihr Stapel festlegt.',
  'The groups of a batch are not those that the manifest pins.':
    'Die Gruppen eines Stapels sind nicht die, die das Manifest festlegt.',
  'The rows of a group are not those that the proof of its batch counts.':
    'Die Zeilen einer Gruppe sind nicht die, die der Beweis ihres Stapels zählt.',
  'The statement does not add up to what the rows hold.':
    'Die Aufstellung ergibt nicht, was die Zeilen halten.',
  'The manifest says that books were reconciled, and the file has no statement of what its user has in them.':
    'Das Manifest sagt, die Bücher seien abgestimmt, und die Datei hat keine Aufstellung dessen, was ihr Nutzer darin hat.',
  'The rows hold or owe more of an asset than the published total of everybody.':
    'Die Zeilen halten oder schulden in einem Wert mehr als die veröffentlichte Summe aller.',
  'Do not rely on this snapshot: whoever made it can prove what is not true. Keep the files, and show them to others.':
    'Verlassen Sie sich nicht auf diese Momentaufnahme: Wer sie gemacht hat, kann Unwahres beweisen. Bewahren Sie die Dateien auf, und zeigen Sie sie anderen.',
  'A line of the statement is of an asset that the manifest does not list.':
    'Ein Posten der Aufstellung ist in einem Wert, den das Manifest nicht aufführt.',
  'A line of the statement is no whole number of proof units.':
    'Ein Posten der Aufstellung ist keine ganze Zahl von Beweiseinheiten.',
  'The lines of the statement are not distinct and in their one order.':
    'Die Posten der Aufstellung sind nicht verschieden und in ihrer einen Reihenfolge.',
  'The value of a line of the statement is not the one that follows from what the line states.':
    'Der Wert eines Postens der Aufstellung ist nicht der, der aus seinen Angaben folgt.',
  'A line of the statement is converted at a price that the manifest does not publish.':
    'Ein Posten der Aufstellung ist zu einem Preis umgerechnet, den das Manifest nicht veröffentlicht.',
  'A line of the statement is at a price that its instrument does not have at the instant of the snapshot.':
    'Ein Posten der Aufstellung hat einen Preis, den sein Instrument zum Zeitpunkt der Momentaufnahme nicht hat.',
  'Two lines of the statement are of one instrument, with different terms or prices.':
    'Zwei Posten der Aufstellung sind im selben Instrument, mit verschiedenen Bedingungen oder Preisen.',
  'A line of the statement has inputs that the model has no price for.':
    'Ein Posten der Aufstellung hat Angaben, zu denen das Modell keinen Preis kennt.',
  'No trust file: nothing tells whose signature and which circuits and keys to believe.':
    'Keine Vertrauensdatei: Nichts sagt, wessen Signatur und welchen Schaltkreisen und Schlüsseln zu trauen ist.',
  'Get the platform’s trust file from a public place other than the bundle, and pass it with --trust.':
    'Holen Sie die Vertrauensdatei der Plattform von einer anderen öffentlichen Stelle als das Paket, und geben Sie sie mit --trust an.',
  'The trust file is not the one whose hash you brought.':
    'Die Vertrauensdatei ist nicht die, deren Prüfsumme Sie angegeben haben.',
  'Do not use it. Get the trust file from the place where you found the hash, and ask why this one is another.':
    'Verwenden Sie sie nicht. Holen Sie die Vertrauensdatei von dort, wo Sie die Prüfsumme fanden, und fragen Sie, warum diese eine andere ist.',
  'Your pins name no registry of this platform, or no block of it.':
    'Ihre Vorgaben nennen kein Register dieser Plattform oder keinen Block dazu.',
  'Add the platform’s registry, and a block that you know from elsewhere, to your pins, and pass them with --pins.':
    'Nehmen Sie das Register der Plattform und einen Block, den Sie von anderer Stelle kennen, in Ihre Vorgaben auf, und geben Sie sie mit --pins an.',
  'Your pins do not name the log that the proof is of.':
    'Ihre Vorgaben nennen das Protokoll nicht, zu dem der Beleg gehört.',
  'Add the log and the witnesses that you believe to your pins, and pass them with --pins.':
    'Nehmen Sie das Protokoll und die Zeugen, denen Sie glauben, in Ihre Vorgaben auf, und geben Sie sie mit --pins an.',
  'Fewer of your pinned witnesses have seen the log than your pins ask for.':
    'Weniger Ihrer vorgegebenen Zeugen haben das Protokoll gesehen, als Ihre Vorgaben verlangen.',
  'Ask the platform for a proof with more cosignatures; do not ask for fewer witnesses because of it.':
    'Verlangen Sie von der Plattform einen Beleg mit mehr Gegenzeichnungen; verlangen Sie deshalb nicht weniger Zeugen.',
  'The manifest was not compared with what others were shown, and you asked for that.':
    'Das Manifest wurde nicht mit dem verglichen, was anderen gezeigt wurde, und Sie haben das verlangt.',
  'Bring its hash from a public place, the evidence of its registry, or the proof of a log.':
    'Nehmen Sie seine Prüfsumme von einer öffentlichen Stelle, den Beleg seines Registers oder den eines Protokolls.',
  'The trust file contradicts itself: a circuit in it has the name or tag of another layout.':
    'Die Vertrauensdatei widerspricht sich: Ein Schaltkreis darin hat Namen oder Kennung eines anderen Aufbaus.',
  'Get the trust file again from a public place.':
    'Holen Sie die Vertrauensdatei noch einmal von einer öffentlichen Stelle.',
  'No manifest: the inclusion file alone does not say what it is part of.':
    'Kein Manifest: Die Nachweisdatei allein sagt nicht, wovon sie ein Teil ist.',
  'Pass the bundle with --bundle, or the public manifest with its files beside it with --manifest.':
    'Geben Sie das Paket mit --bundle an, oder das öffentliche Manifest mit seinen Dateien daneben mit --manifest.',
  'The snapshot is announced, and no more: its commitments and proofs are not here.':
    'Die Momentaufnahme ist angekündigt, und nicht mehr: Ihre Commitments und Beweise sind nicht hier.',
  'Get commitments.ndjson, proofs.ndjson and weights.json from where the manifest is. Where there are none, the platform has not published a proof yet.':
    'Holen Sie commitments.ndjson, proofs.ndjson und weights.json von dort, wo das Manifest ist. Gibt es sie nicht, hat die Plattform noch keinen Beweis veröffentlicht.',
  'The weighted totals are not here: without them no proof can be checked.':
    'Die gewichteten Summen sind nicht hier: Ohne sie lässt sich kein Beweis prüfen.',
  'Get weights.json from where the manifest is.': 'Holen Sie weights.json von dort, wo das Manifest ist.',
  'The snapshot is announced, and no more: its proofs are not here.':
    'Die Momentaufnahme ist angekündigt, und nicht mehr: Ihre Beweise sind nicht hier.',
  'Get proofs.ndjson from where the manifest is. Where there is none, the platform has not published a proof yet.':
    'Holen Sie proofs.ndjson von dort, wo das Manifest ist. Gibt es sie nicht, hat die Plattform noch keinen Beweis veröffentlicht.',
  'How the keys were made is stated, not shown, and you required it to be shown.':
    'Wie die Schlüssel entstanden, ist angegeben, nicht gezeigt, und Sie haben verlangt, dass es gezeigt wird.',
  'Get ceremony.json from the platform’s public page and pass it with --ceremony. Where there is none, ask why.':
    'Holen Sie ceremony.json von der öffentlichen Seite der Plattform, und geben Sie sie mit --ceremony an. Gibt es sie nicht, fragen Sie, warum.',
  'Your rows are proven, the totals were not checked.':
    'Ihre Zeilen sind bewiesen, die Summen wurden nicht geprüft.',
  'Check the proofs of everybody: leave out --own-rows. Only then are your rows part of the totals.':
    'Prüfen Sie die Beweise aller: Lassen Sie --own-rows weg. Erst dann sind Ihre Zeilen ein Teil der Summen.',
  'This is the answer on the reserves; the bundle is valid.':
    'Das ist die Antwort zu den Reserven; das Paket ist gültig.',
  'Held against what is owed, one to one (at the level {level})':
    'Gehalten gegenüber dem Geschuldeten, eins zu eins (auf der Stufe „{level}“)',
  'Held at each level': 'Gehalten auf jeder Stufe',
  'Of what is held': 'Vom Gehaltenen',
  'Counted by your pins': 'Nach Ihren Vorgaben gezählt',
  Blocks: 'Blöcke',
  'Stated as not free': 'Als nicht frei angegeben',
  ', until {until}': ', bis {until}',
  Custodians: 'Verwahrer',
  'Checks (numbers of section 8 of docs/reserves.md)':
    'Prüfungen (Nummern von Abschnitt 8 in docs/reserves.md)',
  'Not shown': 'Nicht gezeigt',
  'INSECURE: development keys': 'UNSICHER (INSECURE): Entwicklungsschlüssel',
  'Next:': 'Nächster Schritt:',
  'NOT the one whose hash you brought': 'NICHT das, dessen Prüfsumme Sie angegeben haben',
  'compared with the hash you brought': 'mit der Prüfsumme verglichen, die Sie angegeben haben',
  'NOT compared with what others were shown: bring its hash with {flag}':
    'NICHT mit dem verglichen, was anderen gezeigt wurde: Geben Sie die Prüfsumme mit {flag} an',
  Subject: 'Gegenstand',
  reserves: 'Reserven',
  Platform: 'Plattform',
  'not shown': 'nicht gezeigt',
  'Taken at': 'Zeitpunkt',
  'Reserves hash': 'Prüfsumme der Reserven',
  'Manifest hash': 'Prüfsumme des Manifests',
  'Trust file': 'Vertrauensdatei',
  'Your pins': 'Ihre Vorgaben',
  Asset: 'Wert',
  Owed: 'Geschuldet',
  Held: 'Gehalten',
  Ratio: 'Verhältnis',
  'With users’ debts': 'Mit Schulden der Nutzer',
  covered: 'gedeckt',
  'not free': 'nicht frei',
  'the coin of {chain}': 'die Münze von {chain}',
  Chain: 'Kette',
  Block: 'Block',
  'Hash that you pinned': 'Prüfsumme, die Sie vorgegeben haben',
  At: 'Zeit',
  'not read': 'nicht gelesen',
  'no lines: there is nothing that you hold or owe':
    'keine Posten: Es gibt nichts, was Sie halten oder schulden',
  'at {price}': 'zu {price}',
  'You owe': 'Sie schulden',
  'You hold': 'Sie halten',
  'Price of {instrument}: {source}': 'Preis von {instrument}: {source}',
  it: 'dem Posten',
  'Checks (numbers of section 8 of the protocol)': 'Prüfungen (Nummern von Abschnitt 8 des Protokolls)',
  'Circuits and keys': 'Schaltkreise und Schlüssel',
  'Stated by the platform, shown by no proof': 'Von der Plattform angegeben, durch keinen Beweis gezeigt',
  'compared with {ways}': 'verglichen mit: {ways}',
  'NOT compared with what others were shown: bring its hash with --manifest-hash, or --registry or --log':
    'NICHT mit dem verglichen, was anderen gezeigt wurde: Geben Sie die Prüfsumme mit --manifest-hash an, oder --registry oder --log',
  'NOT compared: bring its hash from a public place with --trust-hash':
    'NICHT verglichen: Geben Sie die Prüfsumme von einer öffentlichen Stelle mit --trust-hash an',
  'a bundle': 'ein Paket',
  'one account': 'ein Konto',
  Keys: 'Schlüssel',
  '; bring its evidence with --ceremony': '; geben Sie den Beleg mit --ceremony an',
  'Totals owed (the exact sums over all accounts)':
    'Geschuldete Summen (die genauen Summen über alle Konten)',
  'Your statement: what your holdings are the sum of': 'Ihre Aufstellung: wovon Ihre Bestände die Summe sind',
  'Your holdings: compare them with what you know':
    'Ihre Bestände: Vergleichen Sie sie mit dem, was Sie wissen',
  Equity: 'Guthaben',
  Debt: 'Schulden',
  Circuit: 'Schaltkreis',
  Proofs: 'Beweise',
  'Key fingerprint': 'Fingerabdruck des Schlüssels',
  'Made by ({names}): {maker}': 'Entstanden ({names}): {maker}',
  Scope: 'Umfang',
  'Left out': 'Ausgenommen',
  'Previous manifest': 'Voriges Manifest',
  'Least time between two snapshots': 'Geringster Abstand zweier Momentaufnahmen',
  'Snapshot hash': 'Prüfsumme der Momentaufnahme',
  'Books reconciled': 'Abgestimmte Bücher',
  'Breaks accepted': 'Hingenommene Abweichungen',
  'Debt written off, in proof units': 'Abgeschriebene Schulden, in Beweiseinheiten',
  'Marks of positions': 'Preise der Positionen',
  'Price in {quote}': 'Preis in {quote}',
  'Counts as collateral': 'Zählt als Sicherheit',
  'Rounded, in units': 'Gerundet, in Einheiten',
  Source: 'Quelle',
  'This is the answer on the second instant; the reserves of the first are valid.':
    'Das ist die Antwort zum zweiten Zeitpunkt; die Reserven des ersten sind gültig.',
  'Second instant {takenAt}, which nobody knew before; never part of what covers:':
    'Zweiter Zeitpunkt {takenAt}, den vorher niemand kannte; nie ein Teil der Deckung:',
  '{asset}  first {first}  second {second}  difference {difference}':
    '{asset}  zuerst {first}  danach {second}  Unterschied {difference}',
  'INSECURE, no certificate: made under development keys':
    'UNSICHER (INSECURE), keine Bestätigung: mit Entwicklungsschlüsseln gemacht',
  'Certificate of holdings': 'Bestätigung der Bestände',
  'The rows of the account': 'Die Zeilen des Kontos',
  'Each row is one position of one batch that was proven, and is this user’s alone.':
    'Jede Zeile ist ein Platz in einem Stapel, der bewiesen wurde, und gehört diesem Nutzer allein.',
  'The platform gave no statement of what they are the sum of.':
    'Die Plattform gab keine Aufstellung dessen, wovon sie die Summe sind.',
  'The lines that they are the sum of': 'Die Posten, deren Summe sie sind',
  'The value of each line was made again from what it states.':
    'Der Wert jedes Postens wurde aus seinen Angaben neu berechnet.',
  'The lines of the statement': 'Die Posten der Aufstellung',
  'Anything to whoever does not check it: this page is text, and anyone can write one. Ask for the inclusion file with the SHA-256 above and the platform’s bundle with the manifest hash above, and run solvent-verify inclusion on them. That file also has the points and ids of some other rows, which hide what these hold.':
    'Alles, wenn man es nicht prüft: Diese Seite ist Text, und jeder kann einen schreiben. Verlangen Sie die Nachweisdatei mit der obigen SHA-256 und das Paket der Plattform mit der obigen Prüfsumme des Manifests, und prüfen Sie beide mit solvent-verify inclusion. In jener Datei stehen auch Punkte und Kennungen einiger anderer Zeilen, die verbergen, was diese halten.',
  'And what the verifier tells the user who runs it:':
    'Und was das Prüfprogramm dem Nutzer sagt, der es laufen lässt:',
  'section 8 of the protocol': 'Abschnitt 8 des Protokolls',
  'compared with a hash that whoever made this page brought':
    'verglichen mit einer Prüfsumme, die angab, wer diese Seite gemacht hat',
  'not compared with what others were shown': 'nicht mit dem verglichen, was anderen gezeigt wurde',
  User: 'Nutzer',
  Instant: 'Zeitpunkt',
  'Signature of it': 'Seine Signatur',
  '{signature}, Ed25519 under {key}': '{signature}, Ed25519 mit dem Schlüssel {key}',
  'SHA-256 of the inclusion file': 'SHA-256 der Nachweisdatei',
  Checks: 'Prüfungen',
  '{count} passed, none failed': '{count} bestanden, keine nicht bestanden',
  Code: 'Code',
  'a test, and no certificate': 'ein Test und keine Bestätigung',
  'certificate of holdings': 'Bestätigung der Bestände',
  'INSECURE: made under development keys, with which anyone can prove anything. This certifies nothing.':
    'UNSICHER (INSECURE): mit Entwicklungsschlüsseln gemacht, mit denen jeder alles beweisen kann. Das bestätigt nichts.',
  'INSECURE: certifies nothing': 'UNSICHER (INSECURE): bestätigt nichts',
  Valid: 'Gültig (VALID)',
  Part: 'Teil',
  Batch: 'Stapel',
  Row: 'Zeile',
  'Holds and owes': 'Hält und schuldet',
  '{part} of {count}': '{part} von {count}',
  nothing: 'nichts',
  'owes {amount}': 'schuldet {amount}',
  'holds {amount}': 'hält {amount}',
  'Fingerprint, and how it was made': 'Fingerabdruck, und wie der Schlüssel entstand',
  Invalid: 'Ungültig (INVALID)',
  Unverifiable: 'Nicht prüfbar (UNVERIFIABLE)',
  'verification report': 'Prüfbericht',
  'a hash': 'einer Prüfsumme',
  'a registry': 'einem Register',
  'a log': 'einem Protokoll',
  'Made by solvent-verify. A page proves nothing by itself: whoever wants to know runs the verifier on the same files. The numbers of the checks are those of {source}.':
    'Gemacht von solvent-verify. Eine Seite beweist für sich allein nichts: Wer es wissen will, lässt das Prüfprogramm über dieselben Dateien laufen. Die Nummern der Prüfungen sind die aus: {source}.',
  'compared with {ways} that the reader brought': 'verglichen mit {ways}, vom Leser vorgegeben',
  ' and ': ' und ',
  'not compared with a hash from elsewhere': 'nicht mit einer Prüfsumme von anderer Stelle verglichen',
  'INSECURE: made under development keys, with which anyone can prove anything. For tests only.':
    'UNSICHER (INSECURE): mit Entwicklungsschlüsseln gemacht, mit denen jeder alles beweisen kann. Nur zum Test.',
  'What was checked': 'Was geprüft wurde',
  'the whole bundle': 'das ganze Paket',
  'one account, in the whole bundle': 'ein Konto, im ganzen Paket',
  'not the one whose hash the reader brought': 'nicht das, dessen Prüfsumme der Leser angegeben hat',
  'compared with the hash that the reader brought':
    'verglichen mit der Prüfsumme, die der Leser angegeben hat',
  'Not valid': 'Nicht gültig (INVALID)',
  '{outcome}: reserves of {platform}': '{outcome}: Reserven von {platform}',
  'a platform': 'einer Plattform',
  'section 8 of the specification of reserves': 'Abschnitt 8 der Spezifikation der Reserven',
  'Reserves: what is held against it': 'Reserven: was dem gegenübersteht',
  Pins: 'Vorgaben',
  'Checks of the reserves': 'Prüfungen der Reserven',
  'Not shown by the reserves': 'Von den Reserven nicht gezeigt',
  'compared with a hash that the reader brought':
    'verglichen mit einer Prüfsumme, die der Leser angegeben hat',
  'report on reserves': 'Bericht über Reserven',
  'INSECURE: what is owed rests on development keys, with which anyone can prove anything. For tests only.':
    'UNSICHER (INSECURE): Was geschuldet ist, beruht auf Entwicklungsschlüsseln, mit denen jeder alles beweisen kann. Nur zum Test.',
  'Held against what is owed': 'Gehalten gegenüber dem Geschuldeten',
  'One to one in each asset, at the level {level}.': 'Eins zu eins in jedem Wert, auf der Stufe „{level}“.',
  Coverage: 'Deckung',
  'Counted by the reader’s pins': 'Nach den Vorgaben des Lesers gezählt',
  '{chain}, block {number}': '{chain}, Block {number}',
  What: 'Was',
  Quantity: 'Menge',
  Price: 'Preis',
  Value: 'Betrag',
  Position: 'Position',
  'Worth now': 'Jetzt wert',
  'In {quote}': 'In {quote}',
  'Made since entry': 'Seit Eröffnung gewonnen',
  'Your positions': 'Ihre Positionen',
  '{name} of {instrument}: {value}, {meaning}': '{name} von {instrument}: {value}, {meaning}',
  'How options move: the Greeks, in {quote} or the currency of their forward':
    'Wie sich Optionen bewegen: die Griechen, in {quote} oder der Währung ihres Terminpreises',
  'What the platform owes': 'Was die Plattform schuldet',
  'The exact sums over all accounts.': 'Die genauen Summen über alle Konten.',
  Totals: 'Summen',
  'Your holdings': 'Ihre Bestände',
  'Compare them with what you know.': 'Vergleichen Sie sie mit dem, was Sie wissen.',
  'None.': 'Keine.',
  'What they are worth': 'Was sie wert sind',
  'Your statement': 'Ihre Aufstellung',
  'What your holdings are the sum of.': 'Wovon Ihre Bestände die Summe sind.',
  'Worth {worth} at the prices that the platform states, which no proof shows. Debts are not taken off.':
    'Zusammen {worth} zu den Preisen, die die Plattform angibt und die kein Beweis zeigt. Schulden sind nicht abgezogen.',
  'Fingerprint of the key, and how it was made': 'Fingerabdruck des Schlüssels, und wie er entstand',
  Snapshot: 'Momentaufnahme',
  'Assets as stated': 'Werte nach Angabe der Plattform',
  'Get the directory again from the platform; if it stays the same, it did not publish reserves: ask it why.':
    'Holen Sie das Verzeichnis noch einmal von der Plattform; bleibt es gleich, hat sie keine Reserven veröffentlicht: Fragen Sie, warum.',
  'Do not rely on these reserves: what they state is not shown. Keep the files, and ask the platform.':
    'Verlassen Sie sich nicht auf diese Reserven: Was sie angeben, ist nicht gezeigt. Bewahren Sie die Dateien auf, und fragen Sie die Plattform.',
  'Compare your pins with what you know of the chain and its tokens; if they are right, the platform counts something else.':
    'Vergleichen Sie Ihre Vorgaben mit dem, was Sie von der Kette und ihren Token wissen; stimmen sie, zählt die Plattform etwas anderes.',
  'A file is not JSON in UTF-8.': 'Eine Datei ist kein JSON in UTF-8.',
  'A file is JSON, but not in its one canonical spelling.':
    'Eine Datei ist JSON, aber nicht in seiner einen kanonischen Schreibweise.',
  'A file is nested deeper than any published format.':
    'Eine Datei ist tiefer verschachtelt als jedes veröffentlichte Format.',
  'A file is larger than its format allows.': 'Eine Datei ist größer, als ihr Format erlaubt.',
  'A field is missing, unknown, of another type, out of its range or out of order.':
    'Ein Feld fehlt, ist unbekannt, von anderer Art, außerhalb seines Bereichs oder seiner Reihenfolge.',
  'The bundle that says what is owed is not valid.':
    'Das Paket, das sagt, was geschuldet ist, ist nicht gültig.',
  'The reserves are signed under another key than the one you pinned.':
    'Die Reserven sind mit einem anderen Schlüssel signiert als dem, den Sie vorgegeben haben.',
  'The signature is not one of these reserves: somebody changed them.':
    'Die Signatur gehört nicht zu diesen Reserven: Jemand hat sie geändert.',
  'These reserves are not those whose hash you brought: others were shown other ones.':
    'Diese Reserven sind nicht die, deren Prüfsumme Sie angegeben haben: Anderen wurden andere gezeigt.',
  'Keep both: two accounts of reserves for one snapshot are evidence against the platform.':
    'Bewahren Sie beide auf: Zwei Angaben von Reserven zu einer Momentaufnahme sind ein Beleg gegen die Plattform.',
  'The reserves are for another manifest than the bundle’s.':
    'Die Reserven sind für ein anderes Manifest als das des Pakets.',
  'The reserves name the manifest, but another platform, instant or snapshot.':
    'Die Reserven nennen das Manifest, aber eine andere Plattform, einen anderen Zeitpunkt oder eine andere Momentaufnahme.',
  'A second instant is not the one that the public beacon drew after the snapshot.':
    'Ein zweiter Zeitpunkt ist nicht der, den die öffentliche Zufallsquelle nach der Momentaufnahme zog.',
  'A file is shorter or longer than was signed: it was cut off or changed.':
    'Eine Datei ist kürzer oder länger, als signiert wurde: Sie wurde abgeschnitten oder geändert.',
  'A file is not the one that was signed.': 'Eine Datei ist nicht die, die signiert wurde.',
  'A line is longer than any of its kind.': 'Eine Zeile ist länger als jede ihrer Art.',
  'The last line of a file has no line feed: the file was cut off.':
    'Die letzte Zeile einer Datei hat keinen Zeilenvorschub: Die Datei wurde abgeschnitten.',
  'A line of the entries is not canonical JSON, or not of its schema.':
    'Eine Zeile der Einträge ist kein kanonisches JSON oder nicht nach ihrem Schema.',
  'An address is not in its one spelling: lower case, 0x and 40 digits.':
    'Eine Adresse steht nicht in ihrer einen Schreibweise: klein, 0x und 40 Stellen.',
  'An amount is no integer of the token’s own units above 0.':
    'Ein Betrag ist keine ganze Zahl über 0 in den eigenen Einheiten des Tokens.',
  'A line of the evidence is not canonical JSON, or not of its schema.':
    'Eine Zeile der Belege ist kein kanonisches JSON oder nicht nach ihrem Schema.',
  'The entries are not in their one order.': 'Die Einträge sind nicht in ihrer einen Reihenfolge.',
  'The evidence is not in its one order, each piece once.':
    'Die Belege sind nicht in ihrer einen Reihenfolge, jeder einmal.',
  'A file of headers is not two headers with their lengths.':
    'Eine Datei von Kopfdaten ist nicht zwei Kopfdaten mit ihren Längen.',
  'A node set is not nodes with their lengths.':
    'Eine Knotenmenge besteht nicht aus Knoten mit ihren Längen.',
  'A file of transactions is not transactions with their blocks and lengths.':
    'Eine Datei von Transaktionen besteht nicht aus Transaktionen mit ihren Blöcken und Längen.',
  'A Bitcoin transaction is not in its one spelling.':
    'Eine Bitcoin-Transaktion steht nicht in ihrer einen Schreibweise.',
  'The transactions are not in the order of their ids, each once.':
    'Die Transaktionen sind nicht in der Reihenfolge ihrer Kennungen, jede einmal.',
  'The nodes are not in the order of their hashes, each once.':
    'Die Knoten sind nicht in der Reihenfolge ihrer Prüfsummen, jeder einmal.',
  'A block is not the one that you pinned.': 'Ein Block ist nicht der, den Sie vorgegeben haben.',
  'A header is not that of the block.': 'Kopfdaten sind nicht die des Blocks.',
  'A header has too few fields.': 'Kopfdaten haben zu wenige Felder.',
  'A header or a node is not RLP in its one spelling.':
    'Kopfdaten oder ein Knoten sind kein RLP in seiner einen Schreibweise.',
  'Bitcoin headers are not linked from the first to the tip that you pinned.':
    'Bitcoin-Kopfdaten sind nicht verkettet, vom ersten bis zur Spitze, die Sie vorgegeben haben.',
  'A Bitcoin header has less work than it says, or than your pins ask for.':
    'In Bitcoin-Kopfdaten steckt weniger Arbeit, als sie sagen oder Ihre Vorgaben verlangen.',
  'A transaction is not in the block that it is said to be in.':
    'Eine Transaktion ist nicht in dem Block, in dem sie sein soll.',
  'The block is not the last one at or before the instant.':
    'Der Block ist nicht der letzte vor oder zum Zeitpunkt.',
  'Pin the last block at or before the instant, and the one after it; if you did, the platform chose another.':
    'Geben Sie den letzten Block vor oder zum Zeitpunkt vor und den danach; haben Sie das, hat die Plattform einen anderen gewählt.',
  'The same amount is listed twice.': 'Derselbe Betrag ist zweimal aufgeführt.',
  'An entry is of a chain that the reserves name no block of.':
    'Ein Eintrag ist von einer Kette, zu der die Reserven keinen Block nennen.',
  'An entry names a custodian that the reserves do not list.':
    'Ein Eintrag nennt einen Verwahrer, den die Reserven nicht aufführen.',
  'An entry names an encumbrance that the reserves do not list.':
    'Ein Eintrag nennt eine Belastung, die die Reserven nicht aufführen.',
  'An entry is of a token that you did not pin.':
    'Ein Eintrag ist von einem Token, das Sie nicht vorgegeben haben.',
  'An entry counts a token for another asset than you pinned.':
    'Ein Eintrag zählt ein Token für einen anderen Wert, als Sie vorgegeben haben.',
  'An entry is of an asset that the manifest does not list.':
    'Ein Eintrag ist in einem Wert, den das Manifest nicht aufführt.',
  'The code of a token, or of its implementation, is not the one that you pinned.':
    'Der Code eines Tokens oder seiner Implementierung ist nicht der, den Sie vorgegeben haben.',
  'A wallet is claimed as controlled, and no valid signature shows it.':
    'Für eine Wallet wird Verfügungsgewalt behauptet, und keine gültige Signatur zeigt sie.',
  'A signature is not in its one canonical form.':
    'Eine Signatur steht nicht in ihrer einen kanonischen Form.',
  'A wallet is a contract that you did not pin: its answer alone counts for nothing.':
    'Eine Wallet ist ein Vertrag, den Sie nicht vorgegeben haben: Seine Antwort allein zählt nichts.',
  'Something else than the owners can move what a wallet contract holds.':
    'Etwas anderes als die Eigentümer kann bewegen, was ein Wallet-Vertrag hält.',
  'A piece of evidence is for nothing that is claimed.': 'Ein Beleg gehört zu nichts, was behauptet wird.',
  'A custodian confirms, and you did not pin its key.':
    'Ein Verwahrer bestätigt, und Sie haben seinen Schlüssel nicht vorgegeben.',
  'A confirmation is not signed by its custodian for this snapshot.':
    'Eine Bestätigung ist nicht von ihrem Verwahrer für diese Momentaufnahme signiert.',
  'An amount is not the one in the state of the block.': 'Ein Betrag ist nicht der im Zustand des Blocks.',
  'An amount is not the one that the custodian confirmed, or the auditor.':
    'Ein Betrag ist nicht der, den der Verwahrer oder die Wirtschaftsprüfung bestätigt hat.',
  'A node of the state is missing.': 'Ein Knoten des Zustands fehlt.',
  'A node of the state is not one of a trie.': 'Ein Knoten des Zustands ist keiner eines Tries.',
  'There are nodes of the state that nothing needs.': 'Es gibt Knoten des Zustands, die nichts braucht.',
  'An amount is frozen by its issuer: it cannot be moved.':
    'Ein Betrag ist von seinem Herausgeber eingefroren: Er lässt sich nicht bewegen.',
  'An output is not shown: its whole transaction in a block up to that of the instant, or a spend after it.':
    'Eine Ausgabe ist nicht gezeigt: ihre ganze Transaktion in einem Block bis zu dem des Zeitpunkts, oder eine Verwendung danach.',
  'An output is of new coins that could not be spent yet.':
    'Eine Ausgabe ist aus neuen Münzen, die noch nicht ausgegeben werden konnten.',
  'A Bitcoin transaction has a witness that nothing needs.':
    'Eine Bitcoin-Transaktion hat Witness-Daten, die nichts braucht.',
  'There are transactions that nothing needs.': 'Es gibt Transaktionen, die nichts braucht.',
  'A node of yours says otherwise than your pins, or than the reserves.':
    'Ein Knoten von Ihnen sagt anderes als Ihre Vorgaben oder die Reserven.',
  'Ask a second node of your own: either your pins or the first node are wrong, or what the platform states is not so.':
    'Fragen Sie einen zweiten eigenen Knoten: Entweder sind Ihre Vorgaben oder der erste Knoten falsch, oder was die Plattform angibt, stimmt nicht.',
  'A token’s layout is not pinned, so that its balances cannot be proven.':
    'Der Aufbau eines Tokens ist nicht vorgegeben, sodass sich seine Bestände nicht beweisen lassen.',
  'The stated totals are not the sums of the entries.':
    'Die angegebenen Summen sind nicht die Summen der Einträge.',
  'No pins: nothing tells which blocks, tokens and keys to believe.':
    'Keine Vorgaben: Nichts sagt, welchen Blöcken, Token und Schlüsseln zu trauen ist.',
  'Make a pins file with block hashes from a node of your own or two independent places: --pins.':
    'Machen Sie eine Datei mit Vorgaben: Prüfsummen von Blöcken aus einem eigenen Knoten oder von zwei unabhängigen Stellen: --pins.',
  'The bundle that says what is owed cannot be verified.':
    'Das Paket, das sagt, was geschuldet ist, lässt sich nicht prüfen.',
  'Bring the bundle with --bundle and its trust file with --trust, and verify it first.':
    'Geben Sie das Paket mit --bundle und seine Vertrauensdatei mit --trust an, und prüfen Sie es zuerst.',
  'Your pins have no block of a chain that the reserves count.':
    'Ihre Vorgaben haben keinen Block einer Kette, die die Reserven zählen.',
  'Pin the hash of the last block at or before the instant and that of the next, from a node of your own.':
    'Geben Sie die Prüfsumme des letzten Blocks vor oder zum Zeitpunkt und die des nächsten vor, aus einem eigenen Knoten.',
  'The reserves are canonical, complete and agree with themselves':
    'Die Reserven sind kanonisch, vollständig und widersprechen sich nicht',
  'The caller has brought pins': 'Vorgaben sind da',
  'The bundle that says what is owed is valid': 'Das Paket, das sagt, was geschuldet ist, ist gültig',
  'The reserves are those that others were shown': 'Die Reserven sind die, die anderen gezeigt wurden',
  'The reserves are signed under the pinned key': 'Die Reserven sind mit dem vorgegebenen Schlüssel signiert',
  'The reserves are for the manifest and the snapshot of the bundle':
    'Die Reserven sind für das Manifest und die Momentaufnahme des Pakets',
  'The instant is that of the manifest, or a later one that a public beacon drew':
    'Der Zeitpunkt ist der des Manifests oder ein späterer, den eine öffentliche Zufallsquelle zog',
  'Every file is the one that was signed, and every line of its form':
    'Jede Datei ist die, die signiert wurde, und jede Zeile hat ihre Form',
  'Every block is the pinned one, and the last at or before the instant':
    'Jeder Block ist der vorgegebene und der letzte vor oder zum Zeitpunkt',
  'Each thing is counted once': 'Alles ist einmal gezählt',
  'Every token is the pinned one, by its contract and its code':
    'Jedes Token ist das vorgegebene, nach Vertrag und Code',
  'Every claim of control is shown by signatures under pinned rules':
    'Jede behauptete Verfügungsgewalt ist durch Signaturen nach den vorgegebenen Regeln gezeigt',
  'Every proven amount is that of the state at its block':
    'Jeder bewiesene Betrag ist der des Zustands bei seinem Block',
  'Nodes of the caller have the pinned blocks, and reproduce what is not proven':
    'Eigene Knoten haben die vorgegebenen Blöcke und vollziehen nach, was nicht bewiesen ist',
  'The totals are the sums of the entries': 'Die Summen sind die der Einträge',
  'Covered: of every asset that is owed, at least as much is held, in kind.':
    'Gedeckt (COVERED): Von jedem Wert, der geschuldet ist, wird mindestens so viel gehalten, in der Sache selbst.',
  'Valid, but short: of an asset that is owed, less is held.':
    'Gültig (VALID), aber nicht gedeckt (SHORT): Von einem Wert, der geschuldet ist, wird weniger gehalten.',
  'Valid, but not shown: of an asset that is owed, nothing is shown to be held.':
    'Gültig (VALID), aber nicht gezeigt (NOT SHOWN): Von einem Wert, der geschuldet ist, ist nicht gezeigt, dass etwas gehalten wird.',
  'Valid, of a second instant that nobody knew before: to be seen beside the first, and no cover of what is owed.':
    'Gültig (VALID), zu einem zweiten Zeitpunkt, den vorher niemand kannte: neben dem ersten zu sehen, und keine Deckung des Geschuldeten.',
  'Counted is what the state of a pinned block proves, in wallets whose keys or owners have signed.':
    'Gezählt ist, was der Zustand eines vorgegebenen Blocks beweist, in Wallets, deren Schlüssel oder Eigentümer signiert haben.',
  'Counted is what is proven, and what an archive node would show: nobody has asked one in this run.':
    'Gezählt ist, was bewiesen ist, und was ein Archivknoten zeigen würde: In diesem Lauf hat niemand einen gefragt.',
  'Counted is what is proven, and what custodians and auditors confirm under the keys that you pinned.':
    'Gezählt ist, was bewiesen ist, und was Verwahrer und Wirtschaftsprüfer mit den Schlüsseln bestätigen, die Sie vorgegeben haben.',
  'Counted is everything that the platform states, proven or not.':
    'Gezählt ist alles, was die Plattform angibt, bewiesen oder nicht.',
  'Counted is what is proven, and what the nodes that you named confirmed in this run.':
    'Gezählt ist, was bewiesen ist, und was die von Ihnen genannten Knoten in diesem Lauf bestätigt haben.',
  'That keys are not also someone else’s, copied or stolen.':
    'Dass Schlüssel nicht auch bei anderen sind, kopiert oder gestohlen.',
  'That it was there before or after the instant.': 'Dass es vor oder nach dem Zeitpunkt da war.',
  'That another platform does not show the same wallets: compare the two.':
    'Dass nicht eine andere Plattform dieselben Wallets zeigt: Vergleichen Sie beide.',
  'That issuers, bridges, staking contracts and custodians honour what they hold.':
    'Dass Herausgeber, Brücken, Staking-Verträge und Verwahrer einlösen, was sie halten.',
  'Who has a legal right to it, and in which order.': 'Wer ein Recht darauf hat, und in welcher Reihenfolge.',
  'Money at banks, and anything else that no chain holds.':
    'Geld bei Banken, und alles andere, was keine Kette hält.',
  'That all reserves are listed.': 'Dass alle Reserven aufgeführt sind.',
  'That the pinned hashes are the chain’s: whoever pinned them says so.':
    'Dass die vorgegebenen Prüfsummen die der Kette sind: Das sagt, wer sie vorgegeben hat.',
  'INSECURE, for tests only: what is owed rests on development keys, with which anyone can prove anything. {shown}':
    'UNSICHER (INSECURE), nur zum Test: Was geschuldet ist, beruht auf Entwicklungsschlüsseln, mit denen jeder alles beweisen kann. {shown}',
  'Invalid: {sentence}': 'Ungültig (INVALID): {sentence}',
  'Unverifiable: {sentence}': 'Nicht prüfbar (UNVERIFIABLE): {sentence}',
  'Anything: no part of the reserves is shown by this run.':
    'Alles: Kein Teil der Reserven ist durch diesen Lauf gezeigt.',
  'That the blocks of {chain} stand: {settlement}.':
    'Dass die Blöcke von {chain} Bestand haben: {settlement}.',
  'INSECURE: anything about what is owed, against whoever made the keys.':
    'UNSICHER (INSECURE): alles über das Geschuldete, gegenüber dem, der die Schlüssel gemacht hat.',
  'That others were shown the same reserves: not compared with what others were shown.':
    'Dass anderen dieselben Reserven gezeigt wurden: nicht mit dem verglichen, was anderen gezeigt wurde.',
  'That nothing is borrowed, pledged or lent: the platform states nothing of it.':
    'Dass nichts geliehen, verpfändet oder verliehen ist: Die Plattform gibt dazu nichts an.',
  'That nothing is borrowed, pledged or lent beyond what is stated as not free.':
    'Dass nichts geliehen, verpfändet oder verliehen ist außer dem, was als nicht frei angegeben ist.',
  'That 1 output of {chain} was unspent at block {number}: ask a node of your own with solvent reserves check --node {node}, or for each like this: {command}':
    'Dass 1 Ausgabe von {chain} bei Block {number} unverbraucht war: Fragen Sie einen eigenen Knoten mit solvent reserves check --node {node}, oder nach jeder so: {command}',
  'That {count} outputs of {chain} were unspent at block {number}: ask a node of your own with solvent reserves check --node {node}, or for each like this: {command}':
    'Dass {count} Ausgaben von {chain} bei Block {number} unverbraucht waren: Fragen Sie einen eigenen Knoten mit solvent reserves check --node {node}, oder nach jeder so: {command}',
  'That accounts of {chain} held at block {number} what is listed, where nobody attests it: {settled}':
    'Dass Konten von {chain} bei Block {number} hielten, was aufgeführt ist, soweit es niemand bestätigt: {settled}',
  'That block {number} of {chain} is the last at or before the instant: whoever pinned it says so.':
    'Dass Block {number} von {chain} der letzte vor oder zum Zeitpunkt ist: Das sagt, wer ihn vorgegeben hat.',
  'That the key of an account of {chain} is the only one that moves what it holds: such accounts may give that to other keys.':
    'Dass der Schlüssel eines Kontos von {chain} der einzige ist, der bewegt, was es hält: Solche Konten können das an andere Schlüssel geben.',
  short: 'nicht gedeckt',
  proven: 'bewiesen',
  reproducible: 'nachvollziehbar',
  attested: 'bestätigt',
  stated: 'angegeben',
  'An auditor signs, and you did not pin its key.':
    'Eine Wirtschaftsprüfung signiert, und Sie haben ihren Schlüssel nicht vorgegeben.',
  'An audit is not signed by its auditor for this snapshot.':
    'Ein Prüfvermerk ist nicht von seiner Wirtschaftsprüfung für diese Momentaufnahme signiert.',
  'An auditor compared what they saw with other entries than these: something may be counted twice.':
    'Eine Wirtschaftsprüfung hat, was sie sah, mit anderen Einträgen als diesen verglichen: Etwas kann doppelt gezählt sein.',
  'What auditor {auditor} saw, whose SHA-256 is {hash}: it has its word that this was there, and is controlled by the platform.':
    'Was die Wirtschaftsprüfung {auditor} sah, mit der SHA-256 {hash}: Dass es da war und die Plattform darüber verfügt, ist ihr Wort.',
  'That the manifest was public before {drawnAt}, when the second instant was drawn: who names the first one later has chosen both.':
    'Dass das Manifest vor {drawnAt} öffentlich war, als der zweite Zeitpunkt gezogen wurde: Wer den ersten später nennt, hat beide gewählt.',
  'That no two auditors were shown the same wallets: none knows what the others saw.':
    'Dass nicht zwei Wirtschaftsprüfungen dieselben Wallets gezeigt wurden: Keine weiß, was die anderen sahen.',
  'is what auditors alone have seen': 'haben allein Wirtschaftsprüfer gesehen',
  'is held by custodians': 'liegen bei Verwahrern',
  'is wrapped: another’s promise of the asset': 'sind verpackt: das Versprechen eines anderen auf den Wert',
  'is staked': 'sind gestakt',
  'is the platform’s own token': 'sind das eigene Token der Plattform',
  'is in accounts that another contract may move (EIP-7702)':
    'liegen auf Konten, die ein anderer Vertrag bewegen darf (EIP-7702)',
  'nothing owed': 'nichts geschuldet',
  'The inclusion file is canonical and complete': 'Die Nachweisdatei ist kanonisch und vollständig',
  'The manifest is canonical, complete and agrees with itself':
    'Das Manifest ist kanonisch, vollständig und widerspricht sich nicht',
  'The manifest is the one that others were shown': 'Das Manifest ist das, das anderen gezeigt wurde',
  'The manifest follows the one that was published before it':
    'Das Manifest folgt auf das zuvor veröffentlichte',
  'The trust file is the one whose hash was brought':
    'Die Vertrauensdatei ist die, deren Prüfsumme angegeben wurde',
  'The pinned registry holds this manifest for its instant':
    'Das vorgegebene Register hat dieses Manifest zu seinem Zeitpunkt',
  'The manifest is in a pinned log that pinned witnesses have seen':
    'Das Manifest steht in einem vorgegebenen Protokoll, das vorgegebene Zeugen gesehen haben',
  'The manifest was compared with what others were shown':
    'Das Manifest wurde mit dem verglichen, was anderen gezeigt wurde',
  'The instant of the snapshot is not in the reader’s future':
    'Der Zeitpunkt der Momentaufnahme liegt für den Leser nicht in der Zukunft',
  'The manifest is the pinned platform’s, signed under the pinned key':
    'Das Manifest ist das der vorgegebenen Plattform, signiert mit dem vorgegebenen Schlüssel',
  'The circuits and their keys are the pinned ones':
    'Die Schaltkreise und ihre Schlüssel sind die vorgegebenen',
  'No key is malformed or open to forgery': 'Kein Schlüssel ist fehlerhaft oder lässt Fälschungen zu',
  'Development keys are refused, unless the caller allows them by name':
    'Entwicklungsschlüssel werden abgelehnt, außer man erlaubt sie ausdrücklich',
  'The keys are of the ceremony that is stated: these contributions, and its beacon last':
    'Die Schlüssel sind aus der angegebenen Zeremonie: aus diesen Beiträgen, und ihr Zufallswert zuletzt',
  'The price table follows from the published prices':
    'Die Preistabelle folgt aus den veröffentlichten Preisen',
  'Commitments and weighted totals are canonical, and as many as stated':
    'Commitments und gewichtete Summen sind kanonisch und so viele wie angegeben',
  'The commitments are the pinned ones, and fix all challenges':
    'Die Commitments sind die festgelegten und legen alle Prüfzahlen fest',
  'The file is of this manifest, and has every part of the account once':
    'Die Datei gehört zu diesem Manifest und hat jeden Teil des Kontos einmal',
  'It shows exactly the groups of rows that its parts are in':
    'Sie zeigt genau die Gruppen von Zeilen, in denen ihre Teile sind',
  'The amounts of each part are in their one form, and cover its debts':
    'Die Beträge jedes Teils stehen in ihrer einen Form und decken seine Schulden',
  'The points of its groups are in their one form': 'Die Punkte ihrer Gruppen stehen in ihrer einen Form',
  'Each row is a commitment to the amounts shown': 'Jede Zeile ist ein Commitment auf die gezeigten Beträge',
  'Each row is of the id that was given, with this statement':
    'Jede Zeile gehört zur angegebenen Kennung, mit dieser Aufstellung',
  'Its groups are in the lists that the manifest pins':
    'Ihre Gruppen sind in den Listen, die das Manifest festlegt',
  'Every proof is canonical, and there is one for each commitment':
    'Jeder Beweis ist kanonisch, und es gibt einen zu jedem Commitment',
  'The proofs of the batches that the account is in hold':
    'Die Beweise der Stapel, in denen das Konto ist, halten',
  'Every proof holds under the key of its circuit':
    'Jeder Beweis hält unter dem Schlüssel seines Schaltkreises',
  'The proofs add up to the published totals': 'Die Beweise ergeben zusammen die veröffentlichten Summen',
  'Collateral covers the debts of every row': 'Sicherheiten decken die Schulden jeder Zeile',
  'The rows are those that the proofs count': 'Die Zeilen sind die, die die Beweise zählen',
  'The rows add up to the statement': 'Die Zeilen ergeben die Aufstellung',
  'The lines of the statement follow from what they state':
    'Die Posten der Aufstellung folgen aus ihren Angaben',
  'Valid: every account of the snapshot has equity and debt that are not negative and collateral that covers its debt, and the published totals are the exact sums over all accounts.':
    'Gültig (VALID): Jedes Konto der Momentaufnahme hat Guthaben und Schulden, die nicht negativ sind, und Sicherheiten, die seine Schulden decken, und die veröffentlichten Summen sind die genauen Summen über alle Konten.',
  'Valid: the whole bundle holds, and your account with these holdings is one of those that its totals are the sums of.':
    'Gültig (VALID): Das ganze Paket hält, und Ihr Konto mit diesen Beständen ist eines von denen, deren Summen es nennt.',
  'That the platform owns anything: these are its liabilities, not its assets.':
    'Dass der Plattform etwas gehört: Das sind ihre Verbindlichkeiten, nicht ihr Vermögen.',
  'That no account was left out: an account whose user does not check can be missing.':
    'Dass kein Konto fehlt: Ein Konto, dessen Nutzer nicht prüft, kann fehlen.',
  'That ids are given to one user each: check under an id that only you have, like your login e-mail.':
    'Dass Kennungen nur je einem Nutzer gegeben sind: Prüfen Sie unter einer Kennung, die nur Sie haben, wie der E-Mail-Adresse Ihrer Anmeldung.',
  'That the prices, haircuts, scope, roundings and write-offs are right: the platform states them.':
    'Dass Preise, Abschläge, Umfang, Rundungen und Abschreibungen stimmen: Die Plattform gibt sie an.',
  'That accounts are of real users who owe nothing elsewhere, or that their collateral can be sold.':
    'Dass Konten von wirklichen Nutzern sind, die anderswo nichts schulden, oder dass sich ihre Sicherheiten verkaufen lassen.',
  'That what each line of your statement states is right, like a quantity or the price of an instrument: compare it with what you know, and ask the platform about a line that is not.':
    'Dass stimmt, was jeder Posten Ihrer Aufstellung angibt, wie eine Menge oder den Preis eines Instruments: Vergleichen Sie es mit dem, was Sie wissen, und fragen Sie die Plattform nach einem Posten, der nicht stimmt.',
  'That the keys before the first contribution are of these circuits and of the published powers of tau: solvent ceremony verify makes them again.':
    'Dass die Schlüssel vor dem ersten Beitrag aus diesen Schaltkreisen und den veröffentlichten Powers of Tau sind: solvent ceremony verify macht sie noch einmal.',
  'INSECURE, for tests only, since anyone with the development keys can make such proofs. {shown}':
    'UNSICHER (INSECURE), nur zum Test, weil jeder mit den Entwicklungsschlüsseln solche Beweise machen kann. {shown}',
  'Anything: no part of what was published is shown by this run.':
    'Alles: Kein Teil dessen, was veröffentlicht wurde, ist durch diesen Lauf gezeigt.',
  'INSECURE: anything at all, against whoever made the development keys.':
    'UNSICHER (INSECURE): überhaupt etwas, gegenüber dem, der die Entwicklungsschlüssel gemacht hat.',
  'That others were shown the same manifest: not compared with what others were shown.':
    'Dass anderen dasselbe Manifest gezeigt wurde: nicht mit dem verglichen, was anderen gezeigt wurde.',
  'the hash that you brought': 'die Prüfsumme, die Sie angegeben haben',
  'the registry that you pinned': 'das Register, das Sie vorgegeben haben',
  'the log that you pinned': 'das Protokoll, das Sie vorgegeben haben',
  'That this is the newest snapshot: the platform may have published another after it.':
    'Dass das die neueste Momentaufnahme ist: Die Plattform kann danach eine andere veröffentlicht haben.',
  'That this is the newest snapshot after {asOf}, the time of the block that you pinned; until then it was.':
    'Dass das nach {asOf}, der Zeit des vorgegebenen Blocks, die neueste Momentaufnahme ist; bis dahin war sie es.',
  'That this is the newest snapshot: it is not, the registry holds one of {lastInstant}.':
    'Dass das die neueste Momentaufnahme ist: Sie ist es nicht, im Register steht eine von {lastInstant}.',
  'That there was a ceremony at all: it is stated, not shown. Bring its evidence, ceremony.json.':
    'Dass es überhaupt eine Zeremonie gab: Sie ist angegeben, nicht gezeigt. Nehmen Sie ihren Beleg, ceremony.json.',
  'That the value that closed the ceremony is the one of {beacon}: compare it.':
    'Dass der Wert, der die Zeremonie abschloss, der von {beacon} ist: Vergleichen Sie ihn.',
  'That a contributor of the ceremony forgot their secret: ask them; the fewest who signed a key are {fewest}.':
    'Dass jemand, der zur Zeremonie beitrug, sein Geheimnis vergessen hat: Fragen Sie diese Menschen; die wenigsten, die einen Schlüssel signierten, sind {fewest}.',
  'That the ceremony was not the platform’s alone: then it can prove anything.':
    'Dass die Zeremonie nicht die der Plattform allein war: Dann kann sie alles beweisen.',
  'That nobody knows the secret of the powers of tau, which are not the published ones.':
    'Dass niemand das Geheimnis der Powers of Tau kennt, die nicht die veröffentlichten sind.',

  // The site’s front page.
  'What {platform} owes its users': 'Was {platform} den Nutzern schuldet',
  'What {platform} owes its users, and what it holds':
    'Was {platform} den Nutzern schuldet, und was dem gegenübersteht',
  'At {instant}: the exact sums over all accounts, with a proof that no account is negative, that every debt is covered, and that nothing was left off a sum. Nobody’s balance is shown. Do not take this page’s word for it: it tells you how to check.':
    '{instant}: die genauen Summen über alle Konten, mit einem Beweis, dass kein Konto negativ ist, dass jede Schuld gedeckt ist und dass in keiner Summe etwas fehlt. Niemandes Kontostand wird gezeigt. Glauben Sie dieser Seite nicht aufs Wort: Sie sagt Ihnen, wie Sie prüfen.',
  'INSECURE: a test, and no proof.': 'UNSICHER (INSECURE): ein Test und kein Nachweis.',
  'The keys are development keys. Whoever made them can prove anything.':
    'Die Schlüssel sind Entwicklungsschlüssel. Wer sie gemacht hat, kann alles beweisen.',
  Liabilities: 'Verbindlichkeiten',
  'What users hold, at the prices that the platform states. Debts of users are not taken off.':
    'Was Nutzer halten, zu den Preisen, die die Plattform angibt. Schulden der Nutzer sind nicht abgezogen.',
  'Totals by asset': 'Summen nach Werten',
  'Check your own account': 'Prüfen Sie Ihr eigenes Konto',
  'Open the check page': 'Prüfseite öffnen',
  'It takes your inclusion file, which you get from your account, and the trust file. The bundle it gets from this site, or from you where you open it from your disk. It runs on your device and sends nothing.':
    'Die Prüfseite nimmt Ihre Nachweisdatei, die Sie aus Ihrem Konto erhalten, und die Vertrauensdatei. Das Paket holt sie von dieser Website, oder Sie geben es ihr, wenn Sie die Seite von Ihrer Festplatte öffnen. Sie läuft auf Ihrem Gerät und sendet nichts.',
  'The trust file is not from here: get it from another place.':
    'Die Vertrauensdatei ist nicht von hier: Holen Sie sie von anderer Stelle.',
  '{file} is the trust file. From here it is the platform’s word: compare its hash with one from another place. {hash}':
    '{file} ist die Vertrauensdatei. Von hier ist sie das Wort der Plattform: Vergleichen Sie ihre Prüfsumme mit einer von anderer Stelle. {hash}',
  'A page that the platform serves could say what it likes. {save}, compare its SHA-256 with the one that the makers of Solvent publish, and open the file from your disk, with the connection switched off if you wish:':
    'Eine Seite, die von der Plattform kommt, könnte sagen, was sie will. {save}, vergleichen Sie ihre SHA-256 mit der, die die Hersteller von Solvent veröffentlichen, und öffnen Sie die Datei von Ihrer Festplatte, auf Wunsch ohne Verbindung zum Netz:',
  'Save the check page': 'Speichern Sie die Prüfseite',
  'Verify everything': 'Prüfen Sie alles',
  'Anybody can check all proofs, the totals and the cover of all debts. The bundle: {links}.':
    'Jeder kann alle Beweise prüfen, die Summen und die Deckung aller Schulden. Das Paket: {links}.',
  '{file} shows how many contributions made the keys, and whose signed ones. Save it beside the trust file, and {program} and the check page count for themselves; with {flag} they say how many of the people whom you know took part.':
    '{file} zeigt, wie viele Beiträge die Schlüssel ergaben, und wer sie signiert hat. Speichern Sie sie neben der Vertrauensdatei, und {program} und die Prüfseite zählen selbst; mit {flag} sagen sie, wie viele Ihnen bekannte Menschen dabei waren.',
  'Take the manifest hash from a place that the platform cannot change for you alone, and compare: if others were shown another one, there are two books.':
    'Nehmen Sie die Prüfsumme des Manifests von einer Stelle, die die Plattform nicht für Sie allein ändern kann, und vergleichen Sie: Wurde anderen eine andere gezeigt, gibt es zweierlei Bücher.',
  Covers: 'Umfasst',
  'Leaves out': 'Lässt aus',
  'Prices in': 'Preise in',
  Circuits: 'Schaltkreise',
  'The snapshot': 'Die Momentaufnahme',
  'What this does not show': 'Was das nicht zeigt',
  'More of what the platform holds than its reserves above show, and what those do not.':
    'Mehr von dem, was die Plattform hält, als ihre Reserven oben zeigen, und was diese nicht zeigen.',
  'That the prices, the scope and the instant are well chosen: the platform states them.':
    'Dass Preise, Umfang und Zeitpunkt gut gewählt sind: Die Plattform gibt sie an.',
  'Anything against whoever made the keys, if they made them alone.':
    'Überhaupt etwas gegenüber dem, der die Schlüssel gemacht hat, wenn er es allein tat.',
  'One to one, asset by asset, without prices.': 'Eins zu eins, Wert für Wert, ohne Preise.',
  'This is the platform’s signed account.': 'Das ist die signierte Angabe der Plattform.',
  'It is shown to be true once it is verified with block hashes that you pin yourself, as below.':
    'Dass sie stimmt, ist gezeigt, sobald sie mit Prüfsummen von Blöcken geprüft ist, die Sie selbst vorgeben, wie unten.',
  'Owed to users': 'Nutzern geschuldet',
  'Held, proven': 'Gehalten, bewiesen',
  Proven: 'Bewiesen',
  'Each level counts those before it. Proven: the state of a block shows the amount, and signatures show who controls it. Reproducible: a node would show it. Attested: a custodian confirms it. Stated: the platform’s word. What is not free is pledged, lent, borrowed or locked, and counts nowhere.':
    'Jede Stufe zählt die vor ihr mit. Bewiesen: Der Zustand eines Blocks zeigt den Betrag, und Signaturen zeigen, wer darüber verfügt. Nachvollziehbar: Ein Knoten würde es zeigen. Bestätigt: Ein Verwahrer bestätigt es. Angegeben: das Wort der Plattform. Was nicht frei ist, ist verpfändet, verliehen, geliehen oder gesperrt und zählt nirgends.',
  'Verify it': 'Prüfen Sie sie',
  'The reserves: {links}.': 'Die Reserven: {links}.',
  '{file} is yours: the block hashes from a node of your own or from two places that do not ask each other, and the tokens and wallet contracts that you believe. A pins file from this site would be the platform’s word. The check page verifies the same.':
    '{file} ist von Ihnen: die Prüfsummen von Blöcken aus einem eigenen Knoten oder von zwei Stellen, die einander nicht fragen, und die Token und Wallet-Verträge, denen Sie glauben. Vorgaben von dieser Website wären das Wort der Plattform. Die Prüfseite prüft dasselbe.',
  'What reserves do not show': 'Was Reserven nicht zeigen',
  'The same at every level, and all of it is free: nothing is only attested or stated.':
    'Auf jeder Stufe dasselbe, und alles davon ist frei: Nichts ist nur bestätigt oder angegeben.',
  'Held by a custodian: {name}': 'Bei einem Verwahrer: {name}',
  'Stated as not free: {kind}: {note}': 'Als nicht frei angegeben: {kind}: {note}',
  'Owed by users': 'Von Nutzern geschuldet',
  'Stated price in {quote}': 'Angegebener Preis in {quote}',
  'This snapshot follows the one with manifest hash {hash}, which is not on this site.':
    'Diese Momentaufnahme folgt auf die mit der Prüfsumme {hash}, die nicht auf dieser Website ist.',
  Files: 'Dateien',
  'Earlier snapshots': 'Frühere Momentaufnahmen',
  'Each manifest names the one before it. {command} walks them all and finds gaps and forks.':
    'Jedes Manifest nennt das vor ihm. {command} geht sie alle durch und findet Lücken und Verzweigungen.',
  'Manifest of {instant}': 'Manifest vom {instant}',
  manifest: 'Manifest',

  // The check page.
  'Reserves stand against what is owed, and that was not shown in this run: put right what is wrong above first.':
    'Reserven stehen dem Geschuldeten gegenüber, und das wurde in diesem Lauf nicht gezeigt: Bringen Sie zuerst in Ordnung, was oben falsch ist.',
  'What you pasted as the reserves hash is none: a hash has 64 digits.':
    'Was Sie als Prüfsumme der Reserven eingefügt haben, ist keine: Eine Prüfsumme hat 64 Stellen.',
  'Add reserves.json and reserves.sig.json; the others lie beside them.':
    'Fügen Sie reserves.json und reserves.sig.json hinzu; die anderen liegen daneben.',
  'Add {name}; it lies beside reserves.json.': 'Fügen Sie {name} hinzu; sie liegt neben reserves.json.',
  'Your pins cannot be read: they are damaged, or of another version.':
    'Ihre Vorgaben lassen sich nicht lesen: Sie sind beschädigt oder von einer anderen Version.',
  'A file cannot be read any more: add the files again.':
    'Eine Datei lässt sich nicht mehr lesen: Fügen Sie die Dateien noch einmal hinzu.',
  here: 'vorhanden',
  missing: 'fehlt',
  optional: 'optional',
  refused: 'abgelehnt',
  'Remove: {title}': 'Entfernen: {title}',
  Remove: 'Entfernen',
  'A hash has 64 digits, 0 to 9 and a to f. Paste all of it, or leave this empty. (hash-malformed)':
    'Eine Prüfsumme hat 64 Stellen, 0 bis 9 und a bis f. Fügen Sie sie ganz ein, oder lassen Sie das Feld leer. (hash-malformed)',
  'Add your inclusion file first. (inclusion-missing)':
    'Fügen Sie zuerst Ihre Nachweisdatei hinzu. (inclusion-missing)',
  'Type your id first. (name-empty)': 'Geben Sie zuerst Ihre Kennung ein. (name-empty)',
  'Checking …': 'Prüfung läuft …',
  'Nothing: your account is in the snapshot, and holds and owes nothing in it.':
    'Nichts: Ihr Konto ist in der Momentaufnahme und hält und schuldet darin nichts.',
  'Owed to all users': 'Allen Nutzern geschuldet',
  'Your money in the snapshot': 'Ihr Geld in der Momentaufnahme',
  '✓ Covered': '✓ Gedeckt (COVERED)',
  '✕ Short': '✕ Nicht gedeckt (SHORT)',
  '? Not shown': '? Nicht gezeigt (NOT SHOWN)',
  '? Not checked': '? Nicht geprüft (NOT CHECKED)',
  '✕ Not shown to be true': '✕ Nicht als wahr gezeigt (NOT VALID)',
  'Code {code}': 'Code {code}',
  'Held against what is owed, at the level {level}':
    'Gehalten gegenüber dem Geschuldeten, auf der Stufe „{level}“',
  'Held, {level}': 'Gehalten, {level}',
  'the same as the hash that you pasted': 'gleich der Prüfsumme, die Sie eingefügt haben',
  'Not compared with what others were shown': 'Nicht mit dem verglichen, was anderen gezeigt wurde',
  'By your pins': 'Nach Ihren Vorgaben',
  'Show what each compared': 'Zeigen, was jede verglichen hat',
  'Signing key': 'Signaturschlüssel',
  'Add ceremony.json, which shows it': 'Fügen Sie ceremony.json hinzu, die es zeigt',
  'Statement of position': 'Vermögensaufstellung',
  'Your money': 'Ihr Geld',
  'What it is worth': 'Was es wert ist',
  'Your statement, line by line': 'Ihre Aufstellung, Posten für Posten',
  'What is held against it': 'Was dem gegenübersteht',
  'INSECURE: {title}': 'UNSICHER (INSECURE): {title}',
  'Print as a statement of position': 'Als Vermögensaufstellung drucken',
  'No lines: there is nothing that you hold or owe.':
    'Keine Posten: Es gibt nichts, was Sie halten oder schulden.',
  'Each sum that is positive counts as what you hold, each that is negative as what you owe. Your browser made the value of each line again from what the line states, and added them up to your money above. That what they state is right, like a quantity or a price, is for you to compare. If a line is wrong, ask the platform about that line.':
    'Jede positive Summe zählt als das, was Sie halten, jede negative als das, was Sie schulden. Ihr Browser hat den Wert jedes Postens aus dessen Angaben neu berechnet und sie zu Ihrem Geld oben zusammengezählt. Ob die Angaben stimmen, wie eine Menge oder ein Preis, vergleichen Sie selbst. Ist ein Posten falsch, fragen Sie die Plattform danach.',
  '{account}, isolated {isolated}': '{account}, isoliert {isolated}',
  ' of {account}': ' von {account}',
  'quantity {amount}': 'Menge {amount}',
  'price {amount}': 'Preis {amount}',
  'priced by {source}': 'Preis von {source}',
  'reference {reference}': 'Referenz {reference}',
  'If so': 'In diesem Fall',
  'Details: the Greeks of your options, in the currency of their forward':
    'Einzelheiten: die Griechen Ihrer Optionen, in der Währung ihres Terminpreises',
  'The reserves': 'Die Reserven',
  'It lies beside the others.': 'Sie liegt neben den anderen.',
  'Without them nothing tells which blocks and tokens to believe.':
    'Ohne sie sagt nichts, welchen Blöcken und Token zu trauen ist.',
  'INSECURE: a test, and no proof': 'UNSICHER (INSECURE): ein Test und kein Nachweis',
  'Cannot be verified': 'Nicht prüfbar (UNVERIFIABLE)',
  'Not checked': 'Nicht geprüft (NOT CHECKED)',
  'Announced, and not proven here.': 'Angekündigt, und hier nicht bewiesen.',
  'The totals were not checked.': 'Die Summen wurden nicht geprüft.',
  'Your money is not shown to be in the proof.': 'Es ist nicht gezeigt, dass Ihr Geld im Nachweis ist.',
  'The platform': 'der Plattform',
  ' of {instant}': ' vom {instant}',
  'Your money is in the proof.': 'Ihr Geld ist im Nachweis.',
  'The snapshot{when} by {who} counts the amounts below, under the id that you typed. All of its proofs hold, and the totals are the exact sums over all accounts.':
    'Die Momentaufnahme{when} von {who} zählt die Beträge unten, unter der Kennung, die Sie eingegeben haben. Alle ihre Beweise halten, und die Summen sind die genauen Summen über alle Konten.',
  'Compare the amounts with what you know. If one is wrong, ask the platform.':
    'Vergleichen Sie die Beträge mit dem, was Sie wissen. Ist einer falsch, fragen Sie die Plattform.',
  'Compare the amounts with what you know, and the manifest hash below with one that others were shown.':
    'Vergleichen Sie die Beträge mit dem, was Sie wissen, und die Prüfsumme des Manifests unten mit einer, die anderen gezeigt wurde.',
  'The files agree, but these keys can prove anything.':
    'Die Dateien passen zusammen, aber diese Schlüssel können alles beweisen.',
  'The snapshot was proven with development keys. Whoever made them could have made this answer for any amounts.':
    'Die Momentaufnahme wurde mit Entwicklungsschlüsseln bewiesen. Wer sie gemacht hat, konnte diese Antwort zu beliebigen Beträgen machen.',
  'For money, ask the platform for a snapshot that is proven under keys of a ceremony.':
    'Wenn es um Geld geht, verlangen Sie von der Plattform eine Momentaufnahme, die mit Schlüsseln aus einer Zeremonie bewiesen ist.',
  'The check did not run.': 'Die Prüfung lief nicht.',
  'Nothing can be said yet.': 'Noch lässt sich nichts sagen.',
  'Back to now': 'Zurück zu jetzt',
  'What if a price moves?': 'Was, wenn sich ein Preis bewegt?',
  'The price of': 'Der Preis von',
  'moves by': 'bewegt sich um',
  'and the volatility of options on it by': 'und die Volatilität der Optionen darauf um',
  'percent points': 'Prozentpunkte',
  ', at {price} {quote}': ', bei {price} {quote}',
  'as now': 'wie jetzt',
  '{percent} higher': '{percent} höher',
  '{percent} lower': '{percent} niedriger',
  ', {amount} less than now': ', {amount} weniger als jetzt',
  ', {amount} more than now': ', {amount} mehr als jetzt',
  'Its cover would be gone: {amount} would be missing.': 'Die Deckung wäre weg: {amount} würden fehlen.',
  'Its cover would be {amount}.': 'Die Deckung wäre {amount}.',
  'With {asset} {move}{at}, your account would be worth {worth}{change}.':
    'Steht {asset} {move}{at}, wäre Ihr Konto {worth} wert{change}.',
  'There is no slider here: the platform gave no statement, and only its lines tell which of these amounts are positions, whose worth moves in another way than the price of a coin. Ask the platform for a statement.':
    'Hier gibt es keinen Schieberegler: Die Plattform gab keine Aufstellung, und nur deren Posten sagen, welche dieser Beträge Positionen sind, deren Wert sich anders bewegt als der Preis einer Münze. Verlangen Sie von der Plattform eine Aufstellung.',
  'There is no slider here: amounts of this size cannot be revalued closely enough with rounded numbers.':
    'Hier gibt es keinen Schieberegler: Beträge dieser Größe lassen sich mit gerundeten Zahlen nicht genau genug neu bewerten.',
  'Not a file that this page takes. Get it again from where you have it, unchanged. (file-not-recognised)':
    'Keine Datei, die diese Seite nimmt. Holen Sie sie noch einmal, unverändert, von dort, wo Sie sie herhaben. (file-not-recognised)',
  'Not an archive that this page can unpack. Unpack it, and add the files in it. (archive-not-read)':
    'Kein Archiv, das diese Seite entpacken kann. Entpacken Sie es, und fügen Sie die Dateien darin hinzu. (archive-not-read)',
  'A trust file is not taken out of an archive with other files: add one by itself, from another place. (trust-in-archive)':
    'Eine Vertrauensdatei wird nicht aus einem Archiv mit anderen Dateien genommen: Fügen Sie sie einzeln hinzu, von anderer Stelle. (trust-in-archive)',
  'This site has no bundle beside this page. Add the files yourself. (bundle-not-found)':
    'Diese Website hat kein Paket neben dieser Seite. Fügen Sie die Dateien selbst hinzu. (bundle-not-found)',
  '{name}, in place of an earlier one': '{name}, anstelle einer früheren',
  '{name}, in place of {replaced}': '{name}, anstelle von {replaced}',
  'Get ceremony.json again: it may be of other keys. Without it the ceremony is stated, not shown; if every copy fails, ask the platform why.':
    'Holen Sie ceremony.json noch einmal: Sie kann zu anderen Schlüsseln gehören. Ohne sie ist die Zeremonie angegeben, nicht gezeigt; scheitert jede, fragen Sie die Plattform, warum.',
  'Get the platform’s trust file from another place than the manifest, and add it above. Without it nothing tells whose word the manifest is.':
    'Holen Sie die Vertrauensdatei der Plattform von anderer Stelle als das Manifest, und fügen Sie sie oben hinzu. Ohne sie sagt nichts, wessen Wort das Manifest ist.',
  'Get the trust file again, from another place than the manifest.':
    'Holen Sie die Vertrauensdatei noch einmal, von anderer Stelle als das Manifest.',
  'Add the files of the bundle, from the platform’s public page.':
    'Fügen Sie die Dateien des Pakets hinzu, von der öffentlichen Seite der Plattform.',
  'Add commitments.ndjson, proofs.ndjson and weights.json; they lie beside the manifest. Where there are none, the platform has not published a proof yet.':
    'Fügen Sie commitments.ndjson, proofs.ndjson und weights.json hinzu; sie liegen neben dem Manifest. Gibt es sie nicht, hat die Plattform noch keinen Beweis veröffentlicht.',
  'Add weights.json; it lies beside the manifest.':
    'Fügen Sie weights.json hinzu; sie liegt neben dem Manifest.',
  'Add proofs.ndjson; it lies beside the manifest. Where there is none, the platform has not published a proof yet.':
    'Fügen Sie proofs.ndjson hinzu; sie liegt neben dem Manifest. Gibt es sie nicht, hat die Plattform noch keinen Beweis veröffentlicht.',
  'Ask the platform for a snapshot proven under keys of a ceremony. If this is a test, tick the box above the button and check again.':
    'Verlangen Sie von der Plattform eine Momentaufnahme, die mit Schlüsseln aus einer Zeremonie bewiesen ist. Ist das ein Test, setzen Sie das Häkchen über der Schaltfläche, und prüfen Sie noch einmal.',
  'Use a newer version of this page, or ask the platform for files of version 2.':
    'Verwenden Sie eine neuere Version dieser Seite, oder verlangen Sie von der Plattform Dateien der Version 2.',
  'Your inclusion file is not here.': 'Ihre Nachweisdatei ist nicht hier.',
  'Get it from your account at the platform, and add it above.':
    'Holen Sie sie aus Ihrem Konto bei der Plattform, und fügen Sie sie oben hinzu.',
  'The manifest came without its signature.': 'Das Manifest kam ohne seine Signatur.',
  'Add manifest.sig.json; it lies beside manifest.json.':
    'Fügen Sie manifest.sig.json hinzu; sie liegt neben manifest.json.',
  'The trust file is not the one whose hash you pasted.':
    'Die Vertrauensdatei ist nicht die, deren Prüfsumme Sie eingefügt haben.',
  'Do not use it. Get the trust file from the place where you found the hash, and ask the platform why theirs is another.':
    'Verwenden Sie sie nicht. Holen Sie die Vertrauensdatei von dort, wo Sie die Prüfsumme fanden, und fragen Sie die Plattform, warum ihre eine andere ist.',
  'What you pasted as a hash is none.': 'Was Sie als Prüfsumme eingefügt haben, ist keine.',
  'A hash has 64 digits, 0 to 9 and a to f. Paste all of it, or leave the field empty.':
    'Eine Prüfsumme hat 64 Stellen, 0 bis 9 und a bis f. Fügen Sie sie ganz ein, oder lassen Sie das Feld leer.',
  'A file cannot be read any more: it was moved or changed since you added it.':
    'Eine Datei lässt sich nicht mehr lesen: Sie wurde verschoben oder geändert, seit Sie sie hinzugefügt haben.',
  'Add the files again, and check again.':
    'Fügen Sie die Dateien noch einmal hinzu, und prüfen Sie noch einmal.',
  'This browser did not let the page start its checker.':
    'Dieser Browser ließ die Seite ihr Prüfprogramm nicht starten.',
  'Use a current browser with WebAssembly and workers switched on, or the command solvent-verify.':
    'Verwenden Sie einen aktuellen Browser, in dem WebAssembly und Worker eingeschaltet sind, oder das Kommando solvent-verify.',
  'The checker itself failed. That says nothing about your money.':
    'Das Prüfprogramm selbst ist gescheitert. Das sagt nichts über Ihr Geld.',
  'Check again. If it stays, report the code below to the makers of Solvent, without your inclusion file.':
    'Prüfen Sie noch einmal. Bleibt es so, melden Sie den Code unten den Herstellern von Solvent, ohne Ihre Nachweisdatei.',
  'What you typed as your id cannot be one.': 'Was Sie als Kennung eingegeben haben, kann keine sein.',
  'Type the id by which you know yourself at the platform: 1 to 256 characters on one line.':
    'Geben Sie die Kennung ein, unter der Sie sich bei der Plattform kennen: 1 bis 256 Zeichen in einer Zeile.',
  'The trust file cannot be read: it is damaged, changed, or of another version.':
    'Die Vertrauensdatei lässt sich nicht lesen: Sie ist beschädigt, geändert oder von einer anderen Version.',

  // Statements of position.
  deposits: 'Einzahlungen',
  withdrawals: 'Auszahlungen',
  transfers: 'Überträge',
  'What {platform} owed at {instant}, and what was owed to it.':
    'Was {platform} am {instant} schuldete, und was ihr geschuldet wurde.',
  Balances: 'Guthaben',
  'Price, {quote}': 'Preis, {quote}',
  'Value, {quote}': 'Wert, {quote}',
  'Together {worth}, debts taken off.': 'Zusammen {worth}, Schulden abgezogen.',
  'Moved since {instant}': 'Bewegt seit {instant}',
  'Nothing.': 'Nichts.',
  Amount: 'Betrag',
  Account: 'Konto',
  Line: 'Posten',
  'How it comes to that': 'Wie es dazu kommt',
  'Not verified:': 'Nicht geprüft:',
  'this page was made without the verifier’s report.':
    'Diese Seite wurde ohne den Bericht des Prüfprogramms gemacht.',
  'Verdict {code}': 'Urteil {code}',
  'INSECURE: made under development keys': 'UNSICHER (INSECURE): mit Entwicklungsschlüsseln gemacht',
  Manifest: 'Manifest',
  'Check it yourself: open the platform’s check page with your inclusion file, or run {command}. It shows the same balances, and that they are in the published totals. This page alone proves nothing.':
    'Prüfen Sie selbst: Öffnen Sie die Prüfseite der Plattform mit Ihrer Nachweisdatei, oder lassen Sie {command} laufen. Das zeigt dieselben Guthaben, und dass sie in den veröffentlichten Summen sind. Diese Seite allein beweist nichts.',

  // The published files.
  'Your inclusion file': 'Ihre Nachweisdatei',
  'From your account at the platform. It shows your balances: keep it to yourself.':
    'Aus Ihrem Konto bei der Plattform. Sie zeigt Ihre Guthaben: Behalten Sie sie für sich.',
  'The manifest': 'Das Manifest',
  'manifest.json, from the platform’s public page': 'manifest.json, von der öffentlichen Seite der Plattform',
  'Its signature': 'Seine Signatur',
  'manifest.sig.json, beside it': 'manifest.sig.json, daneben',
  'The trust file': 'Die Vertrauensdatei',
  'trust.json, from another place than the manifest': 'trust.json, von anderer Stelle als das Manifest',
  'The ceremony of the keys': 'Die Zeremonie der Schlüssel',
  'ceremony.json, from the platform’s public page, where the keys are of a ceremony':
    'ceremony.json, von der öffentlichen Seite der Plattform, wenn die Schlüssel aus einer Zeremonie sind',
  'A change of the signing key': 'Ein Wechsel des Signaturschlüssels',
  'rotation.json, from the platform’s public page': 'rotation.json, von der öffentlichen Seite der Plattform',
  'The registry’s evidence': 'Der Beleg des Registers',
  'registry.json, beside the bundle': 'registry.json, neben dem Paket',
  'The log’s entry': 'Der Eintrag im Protokoll',
  'made again from the manifest: nobody is asked for it':
    'aus dem Manifest neu gemacht: Niemand wird danach gefragt',
  'The commitments': 'Die Commitments',
  'commitments.ndjson, beside the manifest': 'commitments.ndjson, neben dem Manifest',
  'The weighted totals': 'Die gewichteten Summen',
  'weights.json, beside the manifest, where there is one':
    'weights.json, neben dem Manifest, wenn es sie gibt',
  'All proofs': 'Alle Beweise',
  'proofs.ndjson, beside the manifest': 'proofs.ndjson, neben dem Manifest',
  'reserves.json, from the platform’s public page': 'reserves.json, von der öffentlichen Seite der Plattform',
  'What is held': 'Was gehalten wird',
  'entries.ndjson, beside the reserves': 'entries.ndjson, neben den Reserven',
  'Who controls it': 'Wer darüber verfügt',
  'evidence.ndjson, beside the reserves': 'evidence.ndjson, neben den Reserven',
  'pins.json, made by yourself or by somebody whom you believe':
    'pins.json, von Ihnen selbst oder von jemandem, dem Sie glauben',

  // The markup of the check page.
  'Check page, version {1}': 'Prüfseite, Version {1}',
  'Is your money in the proof?': 'Ist Ihr Geld im Nachweis?',
  'A platform published what it owes all of its users, with a proof that the sum is right and nobody’s balance is shown. This page checks all of it, and that your own account is in that sum. It runs on this device, sends nothing, and works without a connection.':
    'Eine Plattform hat veröffentlicht, was sie allen ihren Nutzern schuldet, mit einem Beweis, dass die Summe stimmt, ohne dass ein Kontostand gezeigt wird. Diese Seite prüft das alles, und dass Ihr eigenes Konto in dieser Summe ist. Sie läuft auf diesem Gerät, sendet nichts und geht ohne Verbindung.',
  'The files': 'Die Dateien',
  'Choose files': 'Dateien wählen',
  'Get the bundle of this site': 'Das Paket dieser Website holen',
  'or drop them here, all at once, or in one ZIP': 'oder hierher ziehen, alle auf einmal, oder in einem ZIP',
  'The page tells them apart by what is in them.': 'Die Seite erkennt sie an ihrem Inhalt.',
  You: 'Sie',
  'Your id at the platform': 'Ihre Kennung bei der Plattform',
  'Type what you know to be yours alone, like your login e-mail. It is not taken from the file: a file that is somebody else’s must not pass as yours.':
    'Geben Sie ein, was sicher nur Ihnen gehört, wie die E-Mail-Adresse Ihrer Anmeldung. Sie wird nicht aus der Datei genommen: Eine Datei von jemand anderem darf nicht als Ihre gelten.',
  'What others were shown': 'Was anderen gezeigt wurde',
  recommended: 'empfohlen',
  'Hashes from a place that the platform cannot change for you alone: a newspaper, a register, an auditor, somebody who checked before you. Without them the check still runs and says what was not compared.':
    'Prüfsummen von einer Stelle, die die Plattform nicht für Sie allein ändern kann: einer Zeitung, einem Register, einer Wirtschaftsprüfung, jemandem, der vor Ihnen geprüft hat. Ohne sie läuft die Prüfung trotzdem und sagt, was nicht verglichen wurde.',
  'Hash of the trust file': 'Prüfsumme der Vertrauensdatei',
  'Reserves are the platform’s signed account of what it holds. Verifying them takes pins of your own: block hashes from a node of yours or from two places that do not ask each other, and the tokens that you believe. Pins from the platform would be its word.':
    'Reserven sind die signierte Angabe der Plattform, was sie hält. Um sie zu prüfen, braucht es eigene Vorgaben: Prüfsummen von Blöcken aus einem eigenen Knoten oder von zwei Stellen, die einander nicht fragen, und die Token, denen Sie glauben. Vorgaben von der Plattform wären ihr Wort.',
  'Add the reserves': 'Reserven hinzufügen',
  'Get the reserves of this site': 'Die Reserven dieser Website holen',
  'Add your pins': 'Eigene Vorgaben hinzufügen',
  'Check my account': 'Mein Konto prüfen',
  'Can you trust this page?': 'Können Sie dieser Seite trauen?',
  'HTML only': 'nur HTML',
  complete: 'vollständig',
  'If the platform gave it to you, it could have given you another one that says what it likes. So do not take its word. Save the file ({1}, not {2}) and compare its SHA-256 with the one that the makers of Solvent publish for version {3}, or that somebody else computed: the page is the same, byte for byte, for every platform and every snapshot. {4} prints it, and on Windows {5}. Then open the saved file with the connection switched off. It works the same.':
    'Kam sie von der Plattform, hätte diese Ihnen auch eine andere geben können, die sagt, was sie will. Glauben Sie ihr also nicht aufs Wort. Speichern Sie die Datei ({1}, nicht {2}), und vergleichen Sie ihre SHA-256 mit der, die die Hersteller von Solvent zur Version {3} veröffentlichen oder die jemand anderer berechnet hat: Die Seite ist Byte für Byte dieselbe, für jede Plattform und jede Momentaufnahme. {4} gibt sie aus, und unter Windows {5}. Öffnen Sie dann die gespeicherte Datei ohne Verbindung zum Netz. Sie geht genauso.',
  'What it believes comes from the trust file alone, never from the other files. A trust file from the platform’s own site is the platform’s word too: compare its hash with one from elsewhere.':
    'Was sie glaubt, kommt allein aus der Vertrauensdatei, nie aus den anderen Dateien. Eine Vertrauensdatei von der eigenen Website der Plattform ist auch nur deren Wort: Vergleichen Sie ihre Prüfsumme mit einer von anderer Stelle.',
  'If you would rather use a program, {1} checks the same files with the same code.':
    'Wenn Sie lieber ein Programm verwenden: {1} prüft dieselben Dateien mit demselben Code.',
  Language: 'Sprache (Language)',
  'Files that the check needs': 'Dateien, die die Prüfung braucht',
  'Reserves and pins': 'Reserven und Vorgaben',
  Check: 'Prüfen',
  'Proofs that were checked': 'Geprüfte Beweise',
  'Solvent: check your own account': 'Solvent: Prüfen Sie Ihr eigenes Konto',
  'This is a test: accept development keys, which can prove anything':
    'Das ist ein Test: Entwicklungsschlüssel annehmen, die alles beweisen können',
  '✕ Not valid': '✕ Nicht gültig (INVALID)',
} as const satisfies Readonly<Record<string, string>>;
