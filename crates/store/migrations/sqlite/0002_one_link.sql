DROP INDEX link_journey;
CREATE UNIQUE INDEX link_journey ON link (journey, purpose);
