package wiki

import (
	"encoding/xml"
	"strings"
)

// Node is an element of a text in storage format, or a text if it has no name.
type Node struct {
	// Name and the keys of Attr have the prefix that was written: "ac:image".
	Name, Text string
	Attr       map[string]string
	Kids       []*Node
}

// Parse reads a text in storage format; the node that it gives contains it. The
// error says why it is none.
func Parse(body string) (*Node, error) {
	if err := WellFormed(body); err != nil {
		return nil, err
	}
	root := &Node{}
	open := []*Node{root}
	for d := reader(body); ; {
		token, err := d.Token()
		if err != nil {
			return root.Kids[0], nil
		}
		top := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			n := &Node{Name: prefixed(t.Name), Attr: map[string]string{}}
			for _, a := range t.Attr {
				n.Attr[prefixed(a.Name)] = a.Value
			}
			top.Kids = append(top.Kids, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			top.Kids = append(top.Kids, &Node{Text: string(t)})
		}
	}
}

func prefixed(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// Child is the first one with this name, or an empty one.
func (n *Node) Child(name string) *Node {
	for _, kid := range n.Kids {
		if kid.Name == name {
			return kid
		}
	}
	return &Node{}
}

// Parameter is the text of a macro's parameter, or empty.
func (n *Node) Parameter(name string) string {
	for _, kid := range n.Kids {
		if kid.Name == "ac:parameter" && kid.Attr["ac:name"] == name {
			return kid.Content()
		}
	}
	return ""
}

// Content is all text within.
func (n *Node) Content() string {
	var out strings.Builder
	out.WriteString(n.Text)
	for _, kid := range n.Kids {
		out.WriteString(kid.Content())
	}
	return out.String()
}
