BEGIN TRANSACTION;
CREATE TABLE accounts (
	account TEXT NOT NULL, 
	person TEXT NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (account)
);
INSERT INTO "accounts" VALUES('discord:1','ada','2026-01-02T03:04:05.678+00:00');
CREATE TABLE board (
	server TEXT NOT NULL, 
	account TEXT NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (server, account)
);
INSERT INTO "board" VALUES('10','discord:1','2026-01-02T03:04:05.678+00:00');
CREATE TABLE documents (
	owner TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	path TEXT NOT NULL, 
	text TEXT NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (owner, "key")
);
INSERT INTO "documents" VALUES('server:10','k','notes.md','','text','2026-01-02T03:04:05.678+00:00');
CREATE TABLE events (
	session TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	cause TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	v INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	PRIMARY KEY (session, seq), 
	CONSTRAINT events_by_cause UNIQUE (session, cause), 
	FOREIGN KEY(session) REFERENCES sessions (id) ON DELETE CASCADE
);
INSERT INTO "events" VALUES('ada-1',1,'2026-01-02T03:04:05.678+00:00','m#1','Started',1,'{"flow": "opengenus", "mode": "simulation", "seed": 7, "plan": ["cnn", "rnn"], "title": "The title", "about_minutes": 40, "code_at": 2, "minutes": 30, "stages": [2], "notes": ["a note"], "earlier": [{"question": "cnn", "at": "2026-01-01", "score": 0.5, "times": 2}], "setting": "phone", "series": "full", "round": 2, "rounds": ["phone"], "before": [{"flow": "phone", "title": "By phone", "at": "2026-01-01", "session": "s", "score": 0.5, "graded": 3}]}');
INSERT INTO "events" VALUES('ada-1',2,'2026-01-02T03:04:05.678+00:00','m#2','Heard',1,'{"text": "my words", "code": "print(1)"}');
INSERT INTO "events" VALUES('ada-1',3,'2026-01-02T03:04:05.678+00:00','m#3','Remarked',1,'{"act": "clarify", "heard": 2, "detail": "bias"}');
INSERT INTO "events" VALUES('ada-1',4,'2026-01-02T03:04:05.678+00:00','m#4','Asked',1,'{"question": "cnn", "rubric": "0123456789abcdef", "wording": "What is it?", "number": 1, "transition": "On we go.", "code": true, "recalls": {"subject": "layers", "value": "3", "words": "three layers"}, "task": "mnist-mlp", "experiments": ["predict-zero"], "experiment": true, "about": "build-mlp"}');
INSERT INTO "events" VALUES('ada-1',5,'2026-01-02T03:04:05.678+00:00','m#5','Returned',1,'{"question": "cnn", "heard": 2}');
INSERT INTO "events" VALUES('ada-1',6,'2026-01-02T03:04:05.678+00:00','m#6','Answered',1,'{"question": "cnn", "heard": 2, "text": "alpha", "role": "reply", "about": "alpha"}');
INSERT INTO "events" VALUES('ada-1',7,'2026-01-02T03:04:05.678+00:00','m#7','Submitted',1,'{"question": "cnn", "heard": 2, "code": "import torch"}');
INSERT INTO "events" VALUES('ada-1',8,'2026-01-02T03:04:05.678+00:00','m#8','Inspected',1,'{"question": "cnn", "submission": 7, "facts": {"optimizer": "Adam", "layers": [1, {"units": 2.5}], "none": null}, "problem": "no"}');
INSERT INTO "events" VALUES('ada-1',9,'2026-01-02T03:04:05.678+00:00','m#9','RunBegan',1,'{"question": "cnn", "part": 7, "seconds": 30.0}');
INSERT INTO "events" VALUES('ada-1',10,'2026-01-02T03:04:05.678+00:00','m#10','Ran',1,'{"question": "cnn", "part": 7, "outcome": {"status": "measured", "accuracy": 0.94, "of": 10000, "data": "MNIST", "cases": [true, false], "device": "cuda:0", "device_name": "a device", "seconds": {"queued": 0.1, "start": 0.2, "train": 0.3, "total": 0.6}, "parameters": 5, "error": {"type": "ValueError", "message": "a\u0000b\u001b[31m\u007f\ud800 \u202e\u05e9\u05dc\u05d5\u05dd \ud83d\udc69\u200d\ud83d\udd2c \"''\\u0000 %s :name ?\r\n\t", "line": 3}, "stdout": "a\u0000b\u001b[31m\u007f\ud800 \u202e\u05e9\u05dc\u05d5\u05dd \ud83d\udc69\u200d\ud83d\udd2c \"''\\u0000 %s :name ?\r\n\t", "curve": {"steps": [1, 2], "losses": [2.3, "inf"], "validation": [[2, 2.2]]}, "seen": {"steps": 2, "losses": [{"name": "CrossEntropyLoss"}]}, "predicted_by": "model", "why": "why", "notes": ["a note"]}, "findings": [{"rule": "no-zero-grad", "severity": "bug", "line": 3, "message": "Never cleared.", "why": "It adds up.", "question": "Why?", "asks": "finding", "fact": "loop", "evidence": "x = 1"}], "beside": {"status": "unavailable", "why": "a\u0000b\u001b[31m\u007f\ud800 \u202e\u05e9\u05dc\u05d5\u05dd \ud83d\udc69\u200d\ud83d\udd2c \"''\\u0000 %s :name ?\r\n\t"}, "recorded": "a machine", "otherwise": true, "aim": 0.94}');
INSERT INTO "events" VALUES('ada-1',11,'2026-01-02T03:04:05.678+00:00','m#11','Questioned',1,'{"question": "cnn", "agenda": ["predict-zero", "cnn"], "asked": [{"slot": "predict-zero", "values": {"line": "3"}}], "points": ["alpha"], "why": "bugs"}');
INSERT INTO "events" VALUES('ada-1',12,'2026-01-02T03:04:05.678+00:00','m#12','Graded',1,'{"question": "cnn", "part": 6, "by": "offline 1", "marks": [{"point": "alpha", "credit": 0.8, "confidence": 0.9, "verdict": "met", "evidence": "it is alpha"}], "misconceptions": [{"id": "b", "evidence": "words"}], "beyond": ["more"], "why_not": "why", "retry": true, "note": "a note", "made": {"model": "openai:a-model", "prompts": ["grade 01234567"], "passages": ["cnn"], "input": 900, "output": 80, "cost": 0.0012, "calls": 2, "seconds": 1.5}}');
INSERT INTO "events" VALUES('ada-1',13,'2026-01-02T03:04:05.678+00:00','m#13','FollowedUp',1,'{"question": "cnn", "point": "alpha", "when": "wrong", "wording": "And what of it?", "claims": [{"subject": "layers", "value": "3", "words": "three layers"}]}');
INSERT INTO "events" VALUES('ada-1',14,'2026-01-02T03:04:05.678+00:00','m#14','Hinted',1,'{"question": "cnn", "rung": 2, "heard": 2}');
INSERT INTO "events" VALUES('ada-1',15,'2026-01-02T03:04:05.678+00:00','m#15','Clarified',1,'{"heard": 2, "term": "bias", "text": "It is added.", "sources": ["S0-1", "S1-2"], "subject": true}');
INSERT INTO "events" VALUES('ada-1',16,'2026-01-02T03:04:05.678+00:00','m#16','GaveUp',1,'{"question": "cnn", "heard": 2}');
INSERT INTO "events" VALUES('ada-1',17,'2026-01-02T03:04:05.678+00:00','m#17','Skipped',1,'{"question": "cnn", "heard": 2, "later": true}');
INSERT INTO "events" VALUES('ada-1',18,'2026-01-02T03:04:05.678+00:00','m#18','Reopened',1,'{"question": "cnn", "heard": 2}');
INSERT INTO "events" VALUES('ada-1',19,'2026-01-02T03:04:05.678+00:00','m#19','Undone',1,'{"question": "cnn", "what": 6, "heard": 2, "kind": "skip"}');
INSERT INTO "events" VALUES('ada-1',20,'2026-01-02T03:04:05.678+00:00','m#20','Dropped',1,'{"question": "cnn"}');
INSERT INTO "events" VALUES('ada-1',21,'2026-01-02T03:04:05.678+00:00','m#21','Settled',1,'{"question": "cnn", "reference": "The reference.", "sources": ["S0-2"]}');
INSERT INTO "events" VALUES('ada-1',22,'2026-01-02T03:04:05.678+00:00','m#22','Disputed',1,'{"question": "cnn", "heard": 2, "text": "I said so"}');
INSERT INTO "events" VALUES('ada-1',23,'2026-01-02T03:04:05.678+00:00','m#23','Ended',1,'{"reason": "stopped", "reading": [["A book", "https://example.org"]]}');
INSERT INTO "events" VALUES('ada-1',24,'2026-01-02T03:04:05.678+00:00','m#24','Said',1,'{"seq": 4}');
INSERT INTO "events" VALUES('ada-1',25,'2026-01-02T03:04:05.678+00:00','m#25','Brought',1,'{"name": "train.py", "code": "import torch", "facts": {"optimizer": "Adam"}, "problem": "no"}');
INSERT INTO "events" VALUES('ada-1',26,'2026-01-02T03:04:05.678+00:00','m#26','Replanned',1,'{"agenda": ["rnn", "cnn"], "why": "harder"}');
INSERT INTO "events" VALUES('ada-1',27,'2026-01-02T03:04:05.678+00:00','m#27','TimeCalled',1,'{"call": "half", "left": 15, "dropped": ["rnn"]}');
INSERT INTO "events" VALUES('ada-1',28,'2026-01-02T03:04:05.678+00:00','m#28','CameBack',1,'{"told": "who judges"}');
INSERT INTO "events" VALUES('ada-1',29,'2026-01-02T03:04:05.678+00:00','m#29','Claimed',1,'{"question": "cnn", "heard": 2, "claims": [{"subject": "activation", "value": "relu", "words": "I used ReLU"}]}');
INSERT INTO "events" VALUES('ada-1',30,'2026-01-02T03:04:05.678+00:00','m#30','Phrased',1,'{"seq": 4, "lead": "Let us go on.", "wording": "And what of it?", "made": {"model": "openai:a-model", "prompts": ["grade 01234567"], "passages": ["cnn"], "input": 900, "output": 80, "cost": 0.0012, "calls": 2, "seconds": 1.5}, "why_not": "why not"}');
INSERT INTO "events" VALUES('bob-1',1,'2026-01-02T03:04:05.678+00:00','start','Started',1,'{"flow": "opengenus", "mode": "simulation", "seed": 7, "plan": ["cnn", "rnn"], "title": "The title", "about_minutes": 40, "code_at": 2, "minutes": 30, "stages": [2], "notes": ["a note"], "earlier": [{"question": "cnn", "at": "2026-01-01", "score": 0.5, "times": 2}], "setting": "phone", "series": "full", "round": 2, "rounds": ["phone"], "before": [{"flow": "phone", "title": "By phone", "at": "2026-01-01", "session": "s", "score": 0.5, "graded": 3}]}');
INSERT INTO "events" VALUES('bob-1',2,'2026-01-02T03:04:05.678+00:00','ida\u0000b\u001b[31m\u007f\ud800 \u202e\u05e9\u05dc\u05d5\u05dd \ud83d\udc69\u200d\ud83d\udd2c \"''\\u0000 %s :name ?\r\n\t','Heard',1,'{"text": "a\u0000b\u001b[31m\u007f\ud800 \u202e\u05e9\u05dc\u05d5\u05dd \ud83d\udc69\u200d\ud83d\udd2c \"''\\u0000 %s :name ?\r\n\t"}');
CREATE TABLE forgotten (
	hash TEXT NOT NULL, 
	salt TEXT NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (hash)
);
INSERT INTO "forgotten" VALUES('abababababababababababababababababababababababababababababababab','cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd','2026-01-02T03:04:05.678+00:00');
CREATE TABLE link_codes (
	person TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (person), 
	CONSTRAINT link_codes_by_hash UNIQUE (hash)
);
CREATE TABLE link_guesses (
	account TEXT NOT NULL, 
	since TEXT NOT NULL, 
	wrong INTEGER NOT NULL, 
	PRIMARY KEY (account)
);
CREATE TABLE places (
	session TEXT NOT NULL, 
	account TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	server TEXT NOT NULL, 
	parent TEXT NOT NULL, 
	watched INTEGER NOT NULL, 
	nth INTEGER NOT NULL, 
	counts_for TEXT NOT NULL, 
	since TEXT NOT NULL, shared INTEGER DEFAULT '0' NOT NULL, told INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (session), 
	FOREIGN KEY(session) REFERENCES sessions (id) ON DELETE CASCADE
);
INSERT INTO "places" VALUES('ada-1','discord:1','30','10','20',0,1,'10','2026-01-02T03:04:05.678+00:00',1,0);
CREATE TABLE rubrics (
	hash TEXT NOT NULL, 
	body TEXT NOT NULL, 
	PRIMARY KEY (hash)
);
INSERT INTO "rubrics" VALUES('h1','{"id": "cnn", "title": "Convolution", "ask": "What is it?", "reworded": "Tell me about it.", "plain": "Explain it.", "aim": "To know.", "level": "advanced", "topics": ["vision", "a\u0000b\u001b[31m\u007f\ud800 \u202e\u05e9\u05dc\u05d5\u05dd \ud83d\udc69\u200d\ud83d\udd2c \"''\\u0000 %s :name ?\r\n\t"], "points": [{"id": "alpha", "says": "It is alpha.", "weight": 2.0, "bonus": true, "shown_by": "code", "true": ["yes", "indeed"], "false": ["no"]}, {"id": "beta", "says": "It is beta.", "because": "alpha", "detail": true, "anywhere": true, "value": 1.5, "value_of": "size", "tolerance": 0.1, "accepts": ["none"], "formulas": ["a = b"], "lines": [3], "found_by": "data", "measured": true}], "reference": "A reference with $x^2$.", "hints": ["one", "two", "three"], "kind": "code", "misconceptions": [{"id": "m", "believes": "It is gamma.", "reply": "It is not.", "points": ["alpha"], "value": 2.5, "value_of": "wrong"}], "follow_ups": [{"point": "alpha", "when": "missed", "ask": "And alpha?"}], "sources": ["S0-3"], "erratum": "The article errs.", "see_also": ["rnn"], "further": [{"title": "A book", "where": "https://example.org"}], "asked_by": "a company", "after_code": {"optimizer": "Why {value}?"}, "statement": "Write it.", "starter": "import torch", "asked_as": ["It?"], "requires": ["rnn"], "leads_to": ["gan"], "on_phone": "In words?", "at_board": "Draw it.", "needs": 1, "hinge": "alpha", "verdict": "no", "options": [{"says": "this", "right": true, "reply": "Right."}, {"says": "that", "reply": "No."}], "listing": "x = 1", "drill": "conv-output", "recalls": ["activation"], "task": "mnist-mlp", "experiment": {"task": "mnist-mlp", "changes": {"lr": 10}, "base": {"lr": 0.1}, "expects": {"accuracy_most": 0.2}, "recorded": [{"on": "cpu", "accuracy": 0.1, "steps": [1], "losses": [2.3]}]}}');
CREATE TABLE servers (
	server TEXT NOT NULL, 
	settings TEXT NOT NULL, 
	joined_at TEXT, 
	left_at TEXT, 
	PRIMARY KEY (server)
);
INSERT INTO "servers" VALUES('10','{"a_day": 3}','2026-01-02T03:04:05.678+00:00',NULL);
CREATE TABLE session_rubrics (
	session TEXT NOT NULL, 
	rubric TEXT NOT NULL, 
	PRIMARY KEY (session, rubric), 
	FOREIGN KEY(session) REFERENCES sessions (id) ON DELETE CASCADE, 
	FOREIGN KEY(rubric) REFERENCES rubrics (hash)
);
INSERT INTO "session_rubrics" VALUES('ada-1','h1');
INSERT INTO "session_rubrics" VALUES('bob-1','h1');
CREATE TABLE sessions (
	id TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	surface TEXT NOT NULL, 
	status TEXT NOT NULL, 
	flow TEXT NOT NULL, 
	mode TEXT NOT NULL, 
	begun TEXT NOT NULL, 
	at TEXT NOT NULL, 
	lease_holder TEXT, 
	lease_until TEXT, answered INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "sessions" VALUES('ada-1','ada','terminal','stopped','opengenus','simulation','2026-01-02T03:04:05.678+00:00','2026-01-02T03:04:05.678+00:00',NULL,NULL,2);
INSERT INTO "sessions" VALUES('bob-1','bob','terminal','running','opengenus','simulation','2026-01-02T03:04:05.678+00:00','2026-01-02T03:04:05.678+00:00',NULL,NULL,0);
CREATE TABLE viva_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT viva_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "viva_version" VALUES('0005');
CREATE INDEX sessions_by_owner ON sessions (owner, at);
CREATE INDEX sessions_by_time ON sessions (at);
CREATE UNIQUE INDEX events_started ON events (session) WHERE kind = 'Started';
CREATE INDEX session_rubrics_by_rubric ON session_rubrics (rubric);
CREATE INDEX accounts_by_person ON accounts (person);
CREATE INDEX places_by_channel ON places (channel, nth);
CREATE INDEX places_by_account ON places (account, counts_for, since);
CREATE INDEX places_by_server ON places (counts_for);
CREATE INDEX board_by_account ON board (account);
COMMIT;
