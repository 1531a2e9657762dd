package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/report"
)

// statsWithin bounds the counting, which may take longer than an acknowledgement
// in a database of many years.
const statsWithin = 20 * time.Second

// stats counts for the person alone, as they may see other incidents than the
// people around them: the tables are for their eyes, and the picture comes to
// their direct messages.
func (b *Bot) stats(ctx context.Context, a asked) (answer, error) {
	months, _ := incident.ParseMonths(a.Rest)
	a.ack(nil)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), statsWithin)
	defer cancel()
	counted, err := b.Reader.Stats(ctx, incident.LastMonths(a.UserID, months, time.Now()))
	if err != nil {
		b.whisper(ctx, a.ResponseURL, b.words(err))
		return nil, nil
	}
	definitions, err := b.Reader.Definitions(ctx)
	if err != nil {
		b.whisper(ctx, a.ResponseURL, b.words(err))
		return nil, nil
	}
	title := block.Textf("Incidents of the last %d months", months)
	b.whisper(ctx, a.ResponseURL, title, statsBlocks(title, counted, definitions)...)
	if counted.Of(time.Time{}, 0).Declared == 0 {
		return nil, nil
	}
	drawn, err := report.StatsPNG(counted, definitions)
	if err == nil {
		err = b.sendFiles(ctx, a.UserID, string(title), file{"incidents.png", string(title), drawn})
	}
	if err != nil {
		b.Log.Warn().Err(err).Msg("send a picture of the statistics")
		b.whisper(ctx, a.ResponseURL, block.Textf("The picture could not be sent (%s).", slackCode(err)))
	}
	return nil, nil
}

func statsBlocks(title block.Markup, s incident.Stats, d incident.Definitions) []slack.Block {
	if s.Of(time.Time{}, 0).Declared == 0 {
		return []slack.Block{block.Section(block.Textf("*%s*\nThere were none.", title)), block.Context(block.Textf("%s", report.StatsNote))}
	}
	return []slack.Block{
		block.Section(block.Textf("*%s*", title)),
		block.Section(block.Markup("```" + block.Escaped(report.StatsText(s, d)) + "```")),
		block.Context(block.Textf("%s The picture comes to your messages with muster.", report.StatsNote)),
	}
}
