package workspace

func (w *Workspace) conversationsArchive(c *call) (reply, error) {
	ch, err := w.channelProper(c)
	switch {
	case err != nil:
		return nil, err
	case ch.archived:
		return nil, refuse("already_archived")
	case !ch.has(w.botUserID):
		return nil, refuse("not_in_channel")
	case ch.name == "general":
		return nil, refuse("cant_archive_general")
	}
	if err := w.may(ch, "write"); err != nil {
		return nil, err
	}
	w.archive(ch, w.botUserID)
	return nil, nil
}

// archive closes the channel; its members stay on its list. mu is held.
func (w *Workspace) archive(ch *channel, by string) {
	w.system(ch, subtypeOf(ch, "archive"), by, "archived the channel", nil)
	w.tell(ch, event{"type": ch.kind() + "_archive", "channel": ch.id, "user": by, "is_moved": 0})
	ch.archived = true
	w.touch()
}

func (w *Workspace) conversationsUnarchive(c *call) (reply, error) {
	ch, err := w.channelProper(c)
	switch {
	case err != nil:
		return nil, err
	case !ch.archived:
		return nil, refuse("not_archived")
	}
	if err := w.may(ch, "write"); err != nil {
		return nil, err
	}
	w.unarchive(ch, w.botUserID)
	return nil, nil
}

func (w *Workspace) unarchive(ch *channel, by string) {
	ch.archived = false
	w.system(ch, subtypeOf(ch, "unarchive"), by, "un-archived the channel", nil)
	w.tell(ch, event{"type": ch.kind() + "_unarchive", "channel": ch.id, "user": by})
	w.touch()
}
