package embedded
import ("testing";"time";"context")
func TestZZ(t *testing.T){
 dir:=newDir(t)
 for _,nf:=range []bool{false,true}{
 t0:=time.Now(); s,err:=Start(context.Background(),Options{DataDir:dir+map[bool]string{true:"n",false:"f"}[nf],NoFsync:nf}); must(t,err)
 t.Log(nf,"cold",time.Since(t0)); t0=time.Now(); must(t,s.Stop()); t.Log("stop",time.Since(t0))
 t0=time.Now(); s,err=Start(context.Background(),Options{DataDir:s.Dir(),NoFsync:nf}); must(t,err)
 t.Log("warm",time.Since(t0)); t0=time.Now(); must(t,s.Stop()); t.Log("stop",time.Since(t0))
 }
}
