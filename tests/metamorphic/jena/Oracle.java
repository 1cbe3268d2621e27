import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.jena.atlas.iterator.Iter;
import org.apache.jena.query.Dataset;
import org.apache.jena.query.Query;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.ReadWrite;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.query.Syntax;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.riot.RDFFormat;
import org.apache.jena.sparql.core.Quad;
import org.apache.jena.update.UpdateExecution;
import org.apache.jena.update.UpdateFactory;
import org.apache.jena.update.UpdateRequest;

/**
 * Answers every query of a directory from one file of N-Quads, and carries out every update on another: {@code name.rq}
 * becomes {@code name.srj} (solutions or a boolean) or {@code name.nt} (a graph), {@code name.ru} becomes {@code name.nq}
 * (the quads that it wrote), and either {@code name.error}. One process for all of them, so that Java starts once.
 */
public final class Oracle {
  private static final long SECONDS = 30;
  private static final String WRITTEN = "http://example.org/written/";

  private Oracle() {}

  public static void main(String[] arguments) throws IOException {
    Dataset queried = RDFDataMgr.loadDataset(arguments[0]);
    Dataset stored = RDFDataMgr.loadDataset(arguments[1]);
    for (Path file : requests(Path.of(arguments[2]))) {
      try {
        if (file.toString().endsWith(".rq")) {
          answer(queried, file);
        } else {
          update(stored, file);
        }
      } catch (RuntimeException error) {
        Files.writeString(named(file, "error"), error.toString());
      }
    }
  }

  private static List<Path> requests(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().matches(".*[.]r[qu]")).sorted().toList();
    }
  }

  private static void update(Dataset dataset, Path file) throws IOException {
    UpdateRequest request = UpdateFactory.create(Files.readString(file), Syntax.syntaxSPARQL_11);
    dataset.begin(ReadWrite.WRITE);
    try (OutputStream output = Files.newOutputStream(named(file, "nq"))) {
      UpdateExecution.dataset(dataset).update(request).execute();
      List<Quad> written = Iter.toList(Iter.filter(dataset.asDatasetGraph().find(), Oracle::isWritten));
      RDFDataMgr.writeQuads(output, written.iterator());
    } finally {
      dataset.abort();
    }
  }

  private static boolean isWritten(Quad quad) {
    return quad.getGraph().isURI() && quad.getGraph().getURI().startsWith(WRITTEN);
  }

  private static void answer(Dataset dataset, Path file) throws IOException {
    Query query = QueryFactory.create(Files.readString(file), Syntax.syntaxSPARQL_11);
    boolean isGraph = query.isConstructType() || query.isDescribeType();
    try (QueryExecution execution =
            QueryExecution.dataset(dataset).query(query).timeout(SECONDS, TimeUnit.SECONDS).build();
        OutputStream output = Files.newOutputStream(named(file, isGraph ? "nt" : "srj"))) {
      if (query.isAskType()) {
        ResultSetFormatter.outputAsJSON(output, execution.execAsk());
      } else if (query.isSelectType()) {
        ResultSetFormatter.outputAsJSON(output, execution.execSelect());
      } else if (query.isConstructType()) {
        RDFDataMgr.write(output, execution.execConstruct(), RDFFormat.NTRIPLES_UTF8);
      } else {
        RDFDataMgr.write(output, execution.execDescribe(), RDFFormat.NTRIPLES_UTF8);
      }
    }
  }

  private static Path named(Path request, String ending) {
    return request.resolveSibling(request.getFileName().toString().replaceFirst("r[qu]$", ending));
  }
}
