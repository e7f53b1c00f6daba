BEGIN TRANSACTION;
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
INSERT INTO "events" VALUES('ada-1',1,'2026-01-02T03:04:05.678+00:00','m#1','Started',1,'{"flow": "opengenus", "mode": "simulation", "seed": 7, "plan": ["cnn", "rnn"], "title": "The title", "about_minutes": 40, "code_at": 2, "minutes": 30}');
INSERT INTO "events" VALUES('ada-1',2,'2026-01-02T03:04:05.678+00:00','m#2','Heard',1,'{"text": "my words", "code": "print(1)"}');
INSERT INTO "events" VALUES('ada-1',3,'2026-01-02T03:04:05.678+00:00','m#3','Remarked',1,'{"act": "clarify", "heard": 2, "detail": "bias"}');
INSERT INTO "events" VALUES('ada-1',4,'2026-01-02T03:04:05.678+00:00','m#4','Asked',1,'{"question": "cnn", "rubric": "0123456789abcdef", "wording": "What is it?", "number": 1, "transition": "On we go.", "code": true}');
INSERT INTO "events" VALUES('ada-1',5,'2026-01-02T03:04:05.678+00:00','m#5','Returned',1,'{"question": "cnn", "heard": 2}');
INSERT INTO "events" VALUES('ada-1',6,'2026-01-02T03:04:05.678+00:00','m#6','Answered',1,'{"question": "cnn", "heard": 2, "text": "alpha", "role": "reply", "about": "alpha"}');
INSERT INTO "events" VALUES('ada-1',7,'2026-01-02T03:04:05.678+00:00','m#7','Submitted',1,'{"question": "cnn", "heard": 2, "code": "import torch"}');
INSERT INTO "events" VALUES('ada-1',8,'2026-01-02T03:04:05.678+00:00','m#8','Inspected',1,'{"question": "cnn", "submission": 7, "facts": {"optimizer": "Adam", "layers": [1, {"units": 2.5}], "none": null}, "problem": "no"}');
INSERT INTO "events" VALUES('ada-1',9,'2026-01-02T03:04:05.678+00:00','m#9','Graded',1,'{"question": "cnn", "part": 6, "by": "offline 1", "marks": [{"point": "alpha", "credit": 0.8, "confidence": 0.9, "verdict": "met", "evidence": "it is alpha"}], "misconceptions": [{"id": "b", "evidence": "words"}], "beyond": ["more"], "why_not": "why", "retry": true, "note": "a note"}');
INSERT INTO "events" VALUES('ada-1',10,'2026-01-02T03:04:05.678+00:00','m#10','FollowedUp',1,'{"question": "cnn", "point": "alpha", "when": "wrong", "wording": "And what of it?"}');
INSERT INTO "events" VALUES('ada-1',11,'2026-01-02T03:04:05.678+00:00','m#11','Hinted',1,'{"question": "cnn", "rung": 2, "heard": 2}');
INSERT INTO "events" VALUES('ada-1',12,'2026-01-02T03:04:05.678+00:00','m#12','Clarified',1,'{"heard": 2, "term": "bias", "text": "It is added.", "sources": ["S0-1", "S1-2"], "subject": true}');
INSERT INTO "events" VALUES('ada-1',13,'2026-01-02T03:04:05.678+00:00','m#13','GaveUp',1,'{"question": "cnn", "heard": 2}');
INSERT INTO "events" VALUES('ada-1',14,'2026-01-02T03:04:05.678+00:00','m#14','Skipped',1,'{"question": "cnn", "heard": 2, "later": true}');
INSERT INTO "events" VALUES('ada-1',15,'2026-01-02T03:04:05.678+00:00','m#15','Reopened',1,'{"question": "cnn", "heard": 2}');
INSERT INTO "events" VALUES('ada-1',16,'2026-01-02T03:04:05.678+00:00','m#16','Undone',1,'{"question": "cnn", "what": 6, "heard": 2, "kind": "skip"}');
INSERT INTO "events" VALUES('ada-1',17,'2026-01-02T03:04:05.678+00:00','m#17','Dropped',1,'{"question": "cnn"}');
INSERT INTO "events" VALUES('ada-1',18,'2026-01-02T03:04:05.678+00:00','m#18','Settled',1,'{"question": "cnn", "reference": "The reference.", "sources": ["S0-2"], "note": "said once"}');
INSERT INTO "events" VALUES('ada-1',19,'2026-01-02T03:04:05.678+00:00','m#19','Disputed',1,'{"question": "cnn", "heard": 2, "text": "I said so"}');
INSERT INTO "events" VALUES('ada-1',20,'2026-01-02T03:04:05.678+00:00','m#20','Ended',1,'{"reason": "stopped", "reading": [["A book", "https://example.org"]]}');
INSERT INTO "events" VALUES('ada-1',21,'2026-01-02T03:04:05.678+00:00','m#21','Said',1,'{"seq": 4}');
INSERT INTO "events" VALUES('bob-1',1,'2026-01-02T03:04:05.678+00:00','start','Started',1,'{"flow": "opengenus", "mode": "simulation", "seed": 7, "plan": ["cnn", "rnn"], "title": "The title", "about_minutes": 40, "code_at": 2, "minutes": 30}');
INSERT INTO "events" VALUES('bob-1',2,'2026-01-02T03:04:05.678+00:00','ida\u0000b\u001b[31m\u007f\ud800 \u202e\u05e9\u05dc\u05d5\u05dd \ud83d\udc69\u200d\ud83d\udd2c \"''\\u0000 %s :name ?\r\n\t','Heard',1,'{"text": "a\u0000b\u001b[31m\u007f\ud800 \u202e\u05e9\u05dc\u05d5\u05dd \ud83d\udc69\u200d\ud83d\udd2c \"''\\u0000 %s :name ?\r\n\t"}');
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
	lease_until TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "sessions" VALUES('ada-1','ada','terminal','stopped','opengenus','simulation','2026-01-02T03:04:05.678+00:00','2026-01-02T03:04:05.678+00:00',NULL,NULL);
INSERT INTO "sessions" VALUES('bob-1','bob','terminal','running','opengenus','simulation','2026-01-02T03:04:05.678+00:00','2026-01-02T03:04:05.678+00:00',NULL,NULL);
CREATE TABLE viva_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT viva_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "viva_version" VALUES('0001');
CREATE INDEX sessions_by_owner ON sessions (owner, at);
CREATE INDEX sessions_by_time ON sessions (at);
CREATE UNIQUE INDEX events_started ON events (session) WHERE kind = 'Started';
COMMIT;
